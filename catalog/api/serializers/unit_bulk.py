"""Many units at once, and all units of a development at a glance."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.models import Building
from catalog.choices import UnitStatus, UnitType
from catalog.models import Unit
from catalog.services.unit_bulk import MOST_UNITS, Layout
from catalog.services.unit_numbers import LONGEST_PATTERN
from config.shared.fields import VisibleRelatedField
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

EXAMPLE_INPUT: dict[str, Any] = {
    "blocks": ["A", "B"],
    "floors": {"first": 1, "last": 20, "skip": [13]},
    "types": [
        {"unit_type": "apartment", "bedrooms": 2, "bathrooms": 2, "price": "1200000.00"},
        {"unit_type": "studio", "bathrooms": 1, "price": "650000.00", "count": 2},
    ],
    "number_pattern": "{block}-{floor:02}{position:02}",
    "price_step": {"percent": "0.5"},
    "dry_run": True,
}
EXAMPLE_ANSWER: dict[str, Any] = {
    "dry_run": True,
    "count": 1,
    "currency": "AED",
    "lowest_price": "1200000.00",
    "highest_price": "1200000.00",
    "total_price": "1200000.00",
    "units": [
        {
            "id": None,
            "block": "A",
            "floor": 1,
            "number": "A-0101",
            "unit_type": "apartment",
            "bedrooms": 2,
            "price": "1200000.00",
        }
    ],
}
EXAMPLE_PLAN: dict[str, Any] = {
    "development": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "currency": "AED",
    "total_units": 1,
    "counts": {"available": 1},
    "blocks": [
        {
            "block": "A",
            "floors": [
                {
                    "floor": 1,
                    "units": [
                        {
                            "id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e70",
                            "number": "A-0101",
                            "unit_type": "apartment",
                            "bedrooms": 2,
                            "area": "104.50",
                            "price": "1200000.00",
                            "status": "available",
                            "free_at": None,
                        }
                    ],
                }
            ],
        }
    ],
}


@extend_schema_serializer(component_name="BulkFloors")
class FloorsSerializer(Serializer):
    """From the first floor to the last, without those that are skipped."""

    first = serializers.IntegerField(min_value=-10, max_value=300)
    last = serializers.IntegerField(min_value=-10, max_value=300)
    skip = serializers.ListField(
        child=serializers.IntegerField(min_value=-10, max_value=300), required=False, max_length=310
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A lowest floor first."""
        if attrs["first"] > attrs["last"]:
            raise serializers.ValidationError({"last": "Not below the first."}, "floors_reversed")
        return attrs


@extend_schema_serializer(component_name="BulkUnitType")
class BulkTypeSerializer(ModelSerializer):
    """A kind of unit, with its price on the lowest floor and how many of it a floor has."""

    count = serializers.IntegerField(min_value=1, max_value=100, required=False)

    class Meta:
        model = Unit
        fields = [
            "unit_type",
            "bedrooms",
            "bathrooms",
            "area",
            "balcony_area",
            "view",
            "parking",
            "price",
            "count",
        ]


@extend_schema_serializer(component_name="BulkPriceStep")
class PriceStepSerializer(Serializer):
    """By how much the price rises from floor to floor: an amount, or per cent of the lowest."""

    amount = serializers.DecimalField(max_digits=14, decimal_places=3, required=False)
    percent = serializers.DecimalField(
        max_digits=6, decimal_places=3, required=False, min_value=-100, max_value=100
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Either an amount or per cent.", "one_step")
        return attrs


@extend_schema_serializer(component_name="BulkUnits")
class BulkUnitsSerializer(Serializer):
    """Blocks by floors by types."""

    blocks = serializers.ListField(
        child=serializers.CharField(max_length=40, allow_blank=True), min_length=1, max_length=100
    )
    floors = FloorsSerializer()
    types = BulkTypeSerializer(many=True, allow_empty=False, max_length=100)  # type: ignore[call-arg]
    number_pattern = serializers.CharField(
        max_length=LONGEST_PATTERN,
        default="{floor}{position:02}",
        help_text="With {block}, {floor} and {position}; {floor:02} has two digits at least.",
    )
    price_step = PriceStepSerializer(required=False)
    building = VisibleRelatedField(queryset=Building, required=False, allow_null=True)
    dry_run = serializers.BooleanField(default=False, help_text="Only say what would be made.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The layout that the service takes."""
        floors, step = attrs["floors"], attrs.get("price_step", {})
        layout = Layout(
            blocks=attrs["blocks"],
            floors=sorted(
                set(range(floors["first"], floors["last"] + 1)) - set(floors.get("skip", ()))
            ),
            types=attrs["types"],
            number_pattern=attrs["number_pattern"],
            step_amount=step.get("amount", Decimal(0)),
            step_percent=step.get("percent", Decimal(0)),
            building=attrs.get("building"),
        )
        return {"layout": layout, "dry_run": attrs["dry_run"]}


class MadeUnitSerializer(ModelSerializer):
    """A unit as it was made, or would be; then it has no identifier."""

    id = serializers.UUIDField(allow_null=True, read_only=True)
    price = AmountField()

    class Meta:
        model = Unit
        fields = ["id", "block", "floor", "number", "unit_type", "bedrooms", "price"]
        read_only_fields = fields


@extend_schema_serializer(component_name="MadeUnits")
class MadeUnitsSerializer(Serializer):
    """What was made, or would be."""

    dry_run = serializers.BooleanField()
    count = serializers.IntegerField(min_value=1, max_value=MOST_UNITS)
    currency = serializers.CharField(max_length=3)
    lowest_price = AmountField()
    highest_price = AmountField()
    total_price = AmountField()
    units = MadeUnitSerializer(many=True)


def made(units: list[Unit], *, dry_run: bool) -> dict[str, Any]:
    """What ``MadeUnitsSerializer`` shows of ``units``."""
    prices = [unit.price for unit in units]
    if dry_run:
        for unit in units:
            unit.pk = None
    return {
        "dry_run": dry_run,
        "count": len(units),
        "currency": units[0].currency,
        "lowest_price": min(prices),
        "highest_price": max(prices),
        "total_price": sum(prices),
        "units": units,
    }


class StackedUnitSerializer(Serializer):
    """A unit in the stacking plan."""

    id = serializers.UUIDField()
    number = serializers.CharField(max_length=40)
    unit_type = serializers.ChoiceField(choices=UnitType.choices)
    bedrooms = serializers.IntegerField()
    area = serializers.CharField(max_length=14, allow_null=True)
    price = serializers.CharField(max_length=20)
    status = serializers.ChoiceField(choices=UnitStatus.choices)
    free_at = serializers.DateTimeField(allow_null=True)


class StackedFloorSerializer(Serializer):
    """The units of a floor, by number."""

    floor = serializers.IntegerField()
    units = StackedUnitSerializer(many=True)


class StackedBlockSerializer(Serializer):
    """The floors of a block, from the top down."""

    block = serializers.CharField(max_length=40, allow_blank=True)
    floors = StackedFloorSerializer(many=True)


@extend_schema_serializer(component_name="StackingPlan")
class StackingPlanSerializer(Serializer):
    """All units of a development at a glance, in their present state."""

    development = serializers.UUIDField()
    currency = serializers.CharField(max_length=3)
    total_units = serializers.IntegerField()
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many units are in each state."
    )
    blocks = StackedBlockSerializer(many=True)

    def to_representation(self, plan: dict[str, Any]) -> dict[str, Any]:
        """As the service made it: it is plain already, and there may be thousands of units."""
        return plan
