"""Which change requests somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

from bookings.choices import ChangeRequestStatus
from bookings.querysets.homes import is_signed_in, is_staff_with, led_builders, of_either
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import ChangeRequest


class ChangeRequestQuerySet(VisibleQuerySet["ChangeRequest"]):
    """Change requests."""

    def with_page(self) -> Self:
        """All that is shown of each: people, booking, unit, phase, files and instalment."""
        return self.select_related(
            "booking__development",
            "booking__builder",
            "unit",
            "customer__avatar",
            "decided_by__avatar",
            "cutoff_phase",
            "instalment",
        ).prefetch_related("media")

    def visible_to(self, user: Any) -> Self:
        """One's own, and those that were submitted to a builder for whom one acts."""
        if not is_signed_in(user):
            return self.none()
        if is_staff_with(user, "bookings.view_changerequest"):
            return self.all()
        submitted = ~Q(status=ChangeRequestStatus.DRAFT)
        found: Self = of_either(
            self,
            Q(customer=user),
            Q(booking__builder__in=led_builders(user)) & submitted,
        )
        return found
