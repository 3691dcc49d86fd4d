"""Units, as the API takes and shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.api.serializers.buildings import BuildingBriefSerializer
from accounts.models import Building, MediaFile
from catalog.api.serializers.developments import DevelopmentBriefSerializer
from catalog.api.serializers.files import AttachedFileSerializer
from catalog.choices import UnitStatus
from catalog.models import Development, Unit
from catalog.services.units import WRITABLE_FIELDS, tidied
from config.shared.fields import BoundedJSONField, VisibleRelatedField
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

EXAMPLE_INPUT: dict[str, Any] = {
    "development": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "block": "A",
    "floor": 12,
    "number": "A-1204",
    "unit_type": "apartment",
    "bedrooms": 2,
    "bathrooms": 2,
    "area": "104.50",
    "balcony_area": "12.00",
    "view": "Sea",
    "parking": 1,
    "price": "1850000.00",
    "features": {"kitchen": "closed"},
}


class UnitSerializer(ModelSerializer):
    """A home, office or plot, in the state that it is in now."""

    development = DevelopmentBriefSerializer(read_only=True)
    building = BuildingBriefSerializer(read_only=True, allow_null=True)
    price = AmountField()
    status = serializers.ChoiceField(
        choices=UnitStatus.choices,
        source="live_status",
        read_only=True,
        help_text="As it is now: what is held by nobody any more is available.",
    )
    free_at = serializers.DateTimeField(
        read_only=True,
        allow_null=True,
        help_text="When the present hold, payment or offer lapses; null where none runs.",
    )
    floor_plan = AttachedFileSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Unit
        fields = [
            "id",
            "development",
            *WRITABLE_FIELDS,
            "currency",
            "status",
            "free_at",
            "waiting_count",
            "floor_plan",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class UnitUpdateSerializer(ModelSerializer):
    """What is said of a unit, and what it costs those who come."""

    building = VisibleRelatedField(queryset=Building, required=False, allow_null=True)
    floor_plan = VisibleRelatedField(queryset=MediaFile, required=False, allow_null=True)
    features = BoundedJSONField(schema={"type": "object"}, required=False)

    class Meta:
        model = Unit
        fields = [*WRITABLE_FIELDS, "floor_plan"]

    def to_internal_value(self, data: Any) -> Any:
        """With names as they are kept, so that constraints are checked against what will be."""
        return tidied(super().to_internal_value(data))


class UnitInputSerializer(UnitUpdateSerializer):
    """A new unit; its development never changes."""

    development = VisibleRelatedField(queryset=Development)

    class Meta(UnitUpdateSerializer.Meta):
        fields = ["development", *UnitUpdateSerializer.Meta.fields]


@extend_schema_serializer(component_name="UnitBlockReason")
class BlockReasonSerializer(Serializer):
    """Why a unit is taken off sale, or put on it again."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
