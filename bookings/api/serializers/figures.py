"""A development in figures, as the API shows it."""

from typing import Any

from rest_framework import serializers

from bookings.choices import BookingStatus
from catalog.choices import UnitStatus
from config.shared.serializers import Serializer

EXAMPLE: dict[str, Any] = {
    "development": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "name": "Marina Heights",
    "total_units": 120,
    "units": {
        "available": 61,
        "held": 3,
        "reserved": 18,
        "sold": 34,
        "handed_over": 0,
        "blocked": 4,
    },
    "percent_built": "41.50",
    "bookings": {
        "held": 2,
        "pending_payment": 1,
        "confirmed": 18,
        "contracted": 34,
        "completed": 0,
        "cancelled": 7,
        "expired": 25,
        "transferred": 1,
    },
    "money": {
        "currency": "AED",
        "value_all": "214800000.00",
        "value_available": "109200000.00",
        "value_sold": "93150000.00",
        "collected": "31460000.00",
        "due": "2750000.00",
        "overdue": "480000.00",
    },
}


def _counts(choices: Any) -> dict[str, serializers.Field]:
    return {name: serializers.IntegerField(read_only=True) for name in choices.values}


UnitCountsSerializer = type(
    "UnitCountsSerializer",
    (Serializer,),
    {"__doc__": "How many units are in which state now.", **_counts(UnitStatus)},
)
BookingCountsSerializer = type(
    "BookingCountsSerializer",
    (Serializer,),
    {"__doc__": "How many bookings are in which state now.", **_counts(BookingStatus)},
)


class FiguresMoneySerializer(Serializer):
    """Sums in the development's currency."""

    currency = serializers.CharField(read_only=True)
    value_all = serializers.CharField(read_only=True, help_text="Of all units at today's prices.")
    value_available = serializers.CharField(
        read_only=True, help_text="Of the available units at today's prices."
    )
    value_sold = serializers.CharField(
        read_only=True, help_text="Of confirmed, contracted and completed bookings, as agreed."
    )
    collected = serializers.CharField(read_only=True, help_text="What arrived and was kept.")
    due = serializers.CharField(
        read_only=True, help_text="What has to be paid now, late fees included."
    )
    overdue = serializers.CharField(read_only=True, help_text="The part of it that is late.")


class FiguresSerializer(Serializer):
    """A development in figures; bookings and money are null for those whom they do not concern."""

    development = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    total_units = serializers.IntegerField(read_only=True)
    units = UnitCountsSerializer(read_only=True)
    percent_built = serializers.DecimalField(max_digits=5, decimal_places=2, read_only=True)
    bookings = BookingCountsSerializer(read_only=True, allow_null=True)
    money = FiguresMoneySerializer(read_only=True, allow_null=True)
