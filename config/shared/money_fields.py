"""Amounts of money as the API shows them."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.shared.money import written


@extend_schema_field(
    {"type": "string", "format": "decimal", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,3})?$"}
)
class AmountField(serializers.Field):
    """An amount in the currency that stands beside it in the row, as a decimal string."""

    def __init__(self, *, currency: str = "currency", **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(**{"read_only": True, **kwargs})

    def get_attribute(self, instance: Any) -> str | None:
        """The amount as it is written; None where there is none."""
        amount: Decimal | None = super().get_attribute(instance)
        if amount is None:
            return None
        row = instance
        for name in [*self.source_attrs[:-1], *self.currency.split(".")]:
            row = row[name] if isinstance(row, dict) else getattr(row, name)
        return written(amount, str(row))

    def to_representation(self, value: str) -> str:
        return value
