"""Products in lists and on maps, as the API shows them: never where exactly they are."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api.pictures import PictureField
from accounts.api.serializers.people import PersonSerializer
from accounts.choices import MediaStatus
from accounts.models import MediaFile
from catalog.api.serializers.files import AttachedFileSerializer
from catalog.api.serializers.products import IMAGES, knows_home
from catalog.choices import ProductStatus
from catalog.models import Product
from catalog.services.feed_reasons import reasons_of
from catalog.services.product_map import FEW
from config.shared.money import written
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

# Distances are told no finer than this, in metres.
STEP_M = 100
IMAGE = {**IMAGES["items"], "type": ["object", "null"]}


PICTURE, MOMENT = PictureField(), serializers.DateTimeField()


@extend_schema_serializer(component_name="ProductPlace")
class ProductPlaceSerializer(Serializer):
    """The centre of the cell of about a kilometre in which something is."""

    lat = serializers.FloatField()
    lng = serializers.FloatField()


@extend_schema_serializer(component_name="ProductReason")
class ReasonSerializer(Serializer):
    """One reason why a product stands where it stands."""

    code = serializers.CharField(
        help_text="`followed_seller`, `liked_category`, `near` or `freshness`."
    )
    text = serializers.CharField()


@extend_schema_serializer(component_name="ProductCard")
class ProductCardSerializer(ModelSerializer):
    """A product in a list, with its seller, its first photograph and roughly its place."""

    seller = PersonSerializer(read_only=True)
    price = AmountField()
    original_price = AmountField(allow_null=True)
    building = serializers.SerializerMethodField(help_text="For those who live there.")
    status = serializers.ChoiceField(
        source="live_status", choices=ProductStatus.choices, read_only=True
    )
    is_available = serializers.SerializerMethodField()
    reserved_until = serializers.DateTimeField(read_only=True, allow_null=True)
    listed_at = serializers.DateTimeField(read_only=True, help_text="Since when it is in the feed.")
    is_liked = serializers.BooleanField(read_only=True)
    image = serializers.SerializerMethodField(help_text="The first photograph.")
    location = serializers.SerializerMethodField()
    distance_m = serializers.SerializerMethodField(
        help_text="From the given place to `location`, to the nearest 100 metres."
    )
    why = serializers.SerializerMethodField(
        help_text="Why it stands where it stands; null unless ordered by `why`."
    )

    class Meta:
        model = Product
        fields = [
            "id",
            "seller",
            "title",
            "price",
            "original_price",
            "currency",
            "category",
            "condition",
            "feed_type",
            "building",
            "neighborhood",
            "status",
            "is_available",
            "reserved_until",
            "listed_at",
            "like_count",
            "is_liked",
            "image",
            "location",
            "distance_m",
            "why",
        ]
        read_only_fields = fields

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The fields above, written out: nothing is asked of the market as often as its lists."""
        seller, currency = instance.seller, instance.currency
        return {
            "id": str(instance.pk),
            "seller": {
                "id": str(seller.pk),
                "name": seller.full_name,
                "username": seller.username,
                "avatar_url": seller.avatar_id and PICTURE.to_representation(seller.avatar),
            },
            "title": instance.title,
            "price": written(instance.price, currency),
            "original_price": _written(instance.original_price, currency),
            "currency": currency,
            "category": instance.category,
            "condition": instance.condition,
            "feed_type": instance.feed_type,
            "building": self.get_building(instance),
            "neighborhood": instance.neighborhood,
            "status": instance.live_status,
            "is_available": self.get_is_available(instance),
            "reserved_until": MOMENT.to_representation(instance.reserved_until),
            "listed_at": MOMENT.to_representation(instance.listed_at),
            "like_count": instance.like_count,
            "is_liked": instance.is_liked,
            "image": self.get_image(instance),
            "location": self.get_location(instance),
            "distance_m": self.get_distance_m(instance),
            "why": self.get_why(instance),
        }

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_building(self, product: Any) -> str | None:
        if product.building_id is None or not knows_home(product, self.context["request"].user):
            return None
        return str(product.building_id)

    def get_is_available(self, product: Any) -> bool:
        return bool(product.live_status == ProductStatus.ACTIVE)

    @extend_schema_field(IMAGE)
    def get_image(self, product: Any) -> dict[str, Any] | None:
        if product.first_picture is None:
            return None
        media = MediaFile(status=MediaStatus.CLEAN, **product.first_picture)
        shown = AttachedFileSerializer(context=self.context)
        return {"id": str(media.pk), "links": shown.get_links(media)}

    @extend_schema_field(ProductPlaceSerializer(allow_null=True))
    def get_location(self, product: Product) -> dict[str, float] | None:
        if product.cell_lat is None:
            return None
        return {"lat": product.cell_lat, "lng": product.cell_lng}

    def get_distance_m(self, product: Any) -> int | None:
        if product.distance_m is None:
            return None
        return round(product.distance_m / STEP_M) * STEP_M

    @extend_schema_field(ReasonSerializer(many=True, allow_null=True, max_length=4))
    def get_why(self, product: Any) -> list[dict[str, str]] | None:
        return reasons_of(product) if hasattr(product, "is_of_followed") else None


@extend_schema_serializer(component_name="ProductHeap")
class HeapSerializer(Serializer):
    """Products that lie close together on a map."""

    location = serializers.SerializerMethodField(help_text="The middle of their cells.")
    count = serializers.IntegerField(source="number")
    currency = serializers.CharField(
        allow_null=True, help_text="Null where they are priced in several."
    )
    min_price = AmountField(allow_null=True, help_text="Of the cheapest; null without a currency.")
    ids = serializers.ListField(
        child=serializers.UUIDField(),
        allow_null=True,
        max_length=FEW,
        help_text=f"Which they are, newest first; null where there are more than {FEW}.",
    )

    @extend_schema_field(ProductPlaceSerializer)
    def get_location(self, heap: dict[str, Any]) -> dict[str, float]:
        return {"lat": heap["lat"], "lng": heap["lng"]}


def _written(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else written(amount, currency)
