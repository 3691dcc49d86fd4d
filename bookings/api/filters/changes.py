"""Filters of change requests."""

from typing import Any

from django.db.models import QuerySet

from bookings.choices import ChangeCategory, ChangeRequestStatus
from bookings.models import ChangeRequest
from config.shared.filter_fields import (
    AnyOfFilter,
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    UUIDFilter,
)
from config.shared.filters import FilterSet


class ChangeRequestFilter(FilterSet):
    """Change requests by state, category, and what they are about."""

    status = AnyOfFilter(choices=ChangeRequestStatus.choices)
    category = ChoiceFilter(choices=ChangeCategory.choices)
    booking = UUIDFilter(field_name="booking")
    unit = UUIDFilter(field_name="unit")
    development = UUIDFilter(field_name="booking__development")
    reference = CharFilter(lookup_expr="iexact", max_length=20)
    mine = BooleanFilter(method="filter_mine", label="Only the caller's own, or all others.")

    class Meta:
        model = ChangeRequest
        fields: list[str] = []

    def filter_mine(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """The caller's own, or those of others."""
        user = self.request.user
        return queryset.filter(customer=user) if value else queryset.exclude(customer=user)
