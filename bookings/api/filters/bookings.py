"""Filters of bookings and places on waiting lists."""

from typing import Any

from django.db.models import QuerySet

from bookings.choices import BookingStatus, WaitlistStatus
from bookings.models import Booking, WaitlistEntry
from config.shared.filter_fields import ChoiceFilter, MomentFilter, UUIDFilter
from config.shared.filters import FilterSet

ROLES = [("customer", "As customer"), ("builder", "For a builder")]


class CustomerBookingFilter(FilterSet):
    """Bookings by what they are of, and by their state at this moment."""

    status = ChoiceFilter(
        field_name="live_status",
        choices=BookingStatus.choices,
        label="The state now: a hold whose time is over is expired.",
    )
    development = UUIDFilter(field_name="development")
    unit = UUIDFilter(field_name="unit")
    created_from = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_until = MomentFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Booking
        fields: list[str] = []


class BookingFilter(CustomerBookingFilter):
    """Bookings by whose they are, too."""

    customer = UUIDFilter(field_name="customer")
    role = ChoiceFilter(
        choices=ROLES,
        method="filter_role",
        label="Only one's own, or only those of builders for whom one acts.",
    )

    class Meta(CustomerBookingFilter.Meta):
        pass

    def filter_role(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those of the caller as customer, or of the builders for whom they act."""
        user = self.request.user
        if value == "customer":
            return queryset.filter(customer=user)
        return queryset.filter(pk__in=Booking.objects.of_builders(user).order_by().values("pk"))


class WaitlistFilter(FilterSet):
    """Places on waiting lists by their state at this moment."""

    status = ChoiceFilter(field_name="live_status", choices=WaitlistStatus.choices)

    class Meta:
        model = WaitlistEntry
        fields: list[str] = []
