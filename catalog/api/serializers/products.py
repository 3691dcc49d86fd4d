"""Products, as the API takes and shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api.fields import CurrencyField
from accounts.api.serializers.buildings import BuildingBriefSerializer
from accounts.api.serializers.media import LINKS
from accounts.api.serializers.people import PersonSerializer
from accounts.models import Building, MediaFile
from catalog.api.serializers.files import AttachedFileSerializer
from catalog.choices import ProductStatus
from catalog.models import Product
from catalog.services.products import WRITABLE_FIELDS
from config.shared.fields import BoundedJSONField, VisibleRelatedField
from config.shared.money_fields import AmountField
from config.shared.safe_json import JSONBounds
from config.shared.serializers import ModelSerializer, Serializer

MOST_IMAGES = 12
WORD: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 40}
TAGS: dict[str, Any] = {
    "type": "object",
    "description": "Words by which a product is found.",
    "properties": {
        "lifestyle": {"type": "array", "items": WORD, "maxItems": 10},
        "urgency": WORD,
        "event": {**WORD, "maxLength": 60},
    },
    "additionalProperties": False,
}
# What nobody but the seller learns.
SECRETS = ("min_offer", "auto_accept", "lat", "lng", "meeting_note", "removal_reason")


def knows_home(product: Any, viewer: Any) -> bool:
    """Whether ``viewer`` may learn the building of ``product``, as its seller or a neighbour:
    everybody else could read from it where exactly the seller lives."""
    is_own = viewer.is_authenticated and viewer.pk == product.seller_id
    return bool(product.is_neighbour or is_own)


class ProductImageField(serializers.Field):
    """The photographs of a product, in their order, each with the links of its sizes."""

    def to_representation(self, pictures: Any) -> list[dict[str, Any]]:
        shown = AttachedFileSerializer(context=self.context)
        return [
            {"id": str(picture.media_id), "links": shown.get_links(picture.media)}
            for picture in pictures.all()
        ]


IMAGES: dict[str, Any] = {
    "type": "array",
    "maxItems": MOST_IMAGES,
    "items": {
        "type": "object",
        "properties": {"id": {"type": "string", "format": "uuid"}, "links": LINKS},
        "required": ["id", "links"],
    },
}


class ProductSerializer(ModelSerializer):
    """A product with everything that is said of it.

    Its thresholds for offers, its exact place and where to meet are the seller's own: others see
    null there, and the centre of a cell of about a kilometre instead of the place. Its building
    is shown to those who live there.
    """

    seller = PersonSerializer(read_only=True)
    building = BuildingBriefSerializer(read_only=True, allow_null=True)
    price = AmountField()
    original_price = AmountField(allow_null=True)
    min_offer = AmountField(allow_null=True)
    auto_accept = AmountField(allow_null=True)
    status = serializers.ChoiceField(
        source="live_status", choices=ProductStatus.choices, read_only=True
    )
    is_available = serializers.SerializerMethodField()
    reserved_until = serializers.DateTimeField(read_only=True, allow_null=True)
    tags = BoundedJSONField(schema=TAGS, read_only=True)
    image_urls = serializers.SerializerMethodField()
    video_url = serializers.SerializerMethodField()
    video_thumbnail_url = serializers.SerializerMethodField()
    is_liked = serializers.BooleanField(read_only=True)

    class Meta:
        model = Product
        fields = [
            "id",
            "seller",
            *WRITABLE_FIELDS,
            "cell_lat",
            "cell_lng",
            "status",
            "is_available",
            "reserved_until",
            "discover_from",
            "view_count",
            "like_count",
            "is_liked",
            "image_urls",
            "video_url",
            "video_thumbnail_url",
            "published_at",
            "sold_at",
            "removal_reason",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_is_available(self, product: Any) -> bool:
        return bool(product.live_status == ProductStatus.ACTIVE)

    @extend_schema_field(IMAGES)
    def get_image_urls(self, product: Product) -> list[dict[str, Any]]:
        field = ProductImageField()
        field.bind("image_urls", self)
        return field.to_representation(product.pictures)

    @extend_schema_field(LINKS)
    def get_video_url(self, product: Product) -> dict[str, str]:
        return self._links(product.video)

    @extend_schema_field(LINKS)
    def get_video_thumbnail_url(self, product: Product) -> dict[str, str]:
        return self._links(product.video_thumbnail)

    def _links(self, file: MediaFile | None) -> dict[str, str]:
        if file is None:
            return {}
        return AttachedFileSerializer(context=self.context).get_links(file)

    def to_representation(self, instance: Product) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        viewer = self.context["request"].user
        if not viewer.is_authenticated or viewer.pk != instance.seller_id:
            shown |= dict.fromkeys(SECRETS)
        return shown if knows_home(instance, viewer) else shown | {"building": None}


class ProductUpdateSerializer(ModelSerializer):
    """What is said of a product."""

    currency = CurrencyField(required=False)
    building = VisibleRelatedField(queryset=Building, required=False, allow_null=True)
    tags = BoundedJSONField(bounds=JSONBounds(schema=TAGS), required=False)
    images = VisibleRelatedField(
        queryset=MediaFile,
        many=True,
        required=False,
        max_length=MOST_IMAGES,
        help_text="Photographs of yours, in the order in which they are shown.",
    )
    video = VisibleRelatedField(queryset=MediaFile, required=False, allow_null=True)
    video_thumbnail = VisibleRelatedField(queryset=MediaFile, required=False, allow_null=True)

    class Meta:
        model = Product
        fields = [*WRITABLE_FIELDS, "images", "video", "video_thumbnail"]


class ProductInputSerializer(ProductUpdateSerializer):
    """A new product."""

    is_published = serializers.BooleanField(
        default=False, help_text="Offer it at once; otherwise it is a draft."
    )

    class Meta(ProductUpdateSerializer.Meta):
        fields = [*ProductUpdateSerializer.Meta.fields, "is_published"]


@extend_schema_serializer(component_name="ProductRemoval")
class RemovalSerializer(Serializer):
    """Why a product is taken down; moderators have to say it."""

    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


@extend_schema_serializer(component_name="ProductLikeState")
class LikeStateSerializer(Serializer):
    """Whether one likes a product, and how many do."""

    is_liked = serializers.BooleanField()
    like_count = serializers.IntegerField()


@extend_schema_serializer(component_name="ProductViews")
class ViewsSerializer(Serializer):
    """How often a product was looked at."""

    view_count = serializers.IntegerField()
