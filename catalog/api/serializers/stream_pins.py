"""Pins of streams, as the API takes and shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api.pictures import address_for
from catalog.choices import ProductStatus, UnitStatus
from catalog.models import Product, StreamPin, Unit
from catalog.services.stream_pins import MOST_PINS
from config.shared.fields import VisibleRelatedField
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

LINKS: dict[str, Any] = {
    "type": "object",
    "description": "Where it is bought, bid for or held, with its identifier in the body.",
    "properties": {name: {"type": "string"} for name in ("buy", "offer", "hold")},
}
OF_PRODUCTS = {"buy": "/api/v1/transactions/", "offer": "/api/v1/offers/"}
OF_UNITS = {"hold": "/api/v1/bookings/"}


class PinnedProductSerializer(ModelSerializer):
    """A product in the picture, in the state that it is in now."""

    price = AmountField()
    status = serializers.ChoiceField(
        source="live_status", choices=ProductStatus.choices, read_only=True
    )
    is_available = serializers.SerializerMethodField()
    image_url = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = ["id", "title", "price", "currency", "status", "is_available", "image_url"]
        read_only_fields = fields

    def get_is_available(self, product: Any) -> bool:
        return bool(product.live_status == ProductStatus.ACTIVE)

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_image_url(self, product: Product) -> str | None:
        first = next(iter(product.pictures.all()), None)
        if first is None:
            return None
        return address_for(first.media, viewer=self.context["request"].user, rendition="320")


class PinnedUnitSerializer(ModelSerializer):
    """A unit in the picture, in the state that it is in now."""

    price = AmountField()
    status = serializers.ChoiceField(
        source="live_status", choices=UnitStatus.choices, read_only=True
    )
    is_available = serializers.SerializerMethodField()

    class Meta:
        model = Unit
        fields = [
            "id",
            "development",
            "block",
            "floor",
            "number",
            "price",
            "currency",
            "status",
            "is_available",
        ]
        read_only_fields = fields

    def get_is_available(self, unit: Any) -> bool:
        return bool(unit.live_status == UnitStatus.AVAILABLE)


class PinSerializer(ModelSerializer):
    """A product or a unit, shown at one place and moment of a show."""

    product = PinnedProductSerializer(read_only=True, allow_null=True)
    unit = PinnedUnitSerializer(read_only=True, allow_null=True)
    links = serializers.SerializerMethodField()

    class Meta:
        model = StreamPin
        fields = ["id", "x", "y", "shown_at", "order", "product", "unit", "links", "created_at"]
        read_only_fields = fields

    @extend_schema_field(LINKS)
    def get_links(self, pin: StreamPin) -> dict[str, str]:
        return OF_PRODUCTS if pin.product_id else OF_UNITS


class PinPlaceSerializer(ModelSerializer):
    """Where and when a pin is shown."""

    x = serializers.FloatField(min_value=0, max_value=1)
    y = serializers.FloatField(min_value=0, max_value=1)
    shown_at = serializers.IntegerField(
        min_value=0,
        max_value=86_400,
        required=False,
        help_text="Seconds after the beginning; left out: now.",
    )

    class Meta:
        model = StreamPin
        fields = ["x", "y", "shown_at"]


class PinInputSerializer(PinPlaceSerializer):
    """A product of one's own or a unit of the development, at a place of the picture."""

    product = VisibleRelatedField(queryset=Product, required=False, allow_null=True)
    unit = VisibleRelatedField(queryset=Unit, required=False, allow_null=True)

    class Meta(PinPlaceSerializer.Meta):
        fields = ["product", "unit", *PinPlaceSerializer.Meta.fields]


@extend_schema_serializer(component_name="PinOrder")
class PinOrderSerializer(Serializer):
    """All pins of a show in the order in which they are to stand."""

    pins = VisibleRelatedField(queryset=StreamPin, many=True, max_length=MOST_PINS)
