"""Filters of offers."""

from typing import Any

from django.db.models import QuerySet

from bookings.market_choices import OfferStatus
from bookings.models import Offer
from config.shared.filter_fields import BooleanFilter, ChoiceFilter, UUIDFilter
from config.shared.filters import FilterSet

SIDES = [("buyer", "As buyer"), ("seller", "As seller")]


class OfferFilter(FilterSet):
    """Offers by one's side, by product, and by their state at this moment."""

    role = ChoiceFilter(choices=SIDES, method="filter_role", label="On which side one stands.")
    status = ChoiceFilter(
        field_name="live_status",
        choices=OfferStatus.choices,
        label="The state now: an offer whose time is over is expired.",
    )
    product = UUIDFilter(field_name="product")
    live = BooleanFilter(
        method="filter_live", label="Only those that wait for an answer, or only the others."
    )

    class Meta:
        model = Offer
        fields: list[str] = []

    def filter_role(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those where the caller is the buyer, or the seller."""
        return queryset.filter(**{value: self.request.user})

    def filter_live(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those that can still be answered, or those that cannot."""
        wanted = {"live_status": OfferStatus.PENDING}
        return queryset.filter(**wanted) if value else queryset.exclude(**wanted)
