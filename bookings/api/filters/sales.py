"""Filters of sales."""

from typing import Any

from django.db.models import QuerySet

from bookings.api.filters.offers import SIDES
from bookings.choices import ReleaseState, TransactionStatus
from bookings.models import Transaction
from config.shared.filter_fields import AnyOfFilter, ChoiceFilter, MomentFilter, UUIDFilter
from config.shared.filters import FilterSet


class TransactionFilter(FilterSet):
    """Sales by one's side, by product, by state and money, and by when they were begun."""

    role = ChoiceFilter(choices=SIDES, method="filter_role", label="On which side one stands.")
    status = AnyOfFilter(
        field_name="live_status",
        choices=TransactionStatus.choices,
        label="The state now: a reservation whose time is over has failed.",
    )
    release_state = AnyOfFilter(choices=ReleaseState.choices)
    product = UUIDFilter(field_name="product")
    # Not words that Python lets stand before an equals sign.
    vars()["from"] = MomentFilter(field_name="created_at", lookup_expr="gte")
    vars()["to"] = MomentFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Transaction
        fields: list[str] = []

    def filter_role(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those where the caller is the buyer, or the seller."""
        return queryset.filter(**{value: self.request.user})
