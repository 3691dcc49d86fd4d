"""Which appointments somebody may see."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import F, Q

from bookings.choices import TAKING_APPOINTMENTS, AppointmentStatus
from bookings.querysets.homes import is_signed_in, is_staff_with, led_builders, of_either
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import Appointment


class AppointmentQuerySet(VisibleQuerySet["Appointment"]):
    """Appointments."""

    def taking(self) -> Self:
        """Those that take their host's time: requested or confirmed."""
        return self.filter(status__in=TAKING_APPOINTMENTS)

    def to_remind_of(self, *, since: datetime, until: datetime) -> Self:
        """Confirmed ones that begin after ``since`` and by ``until``, of which nobody was reminded.

        The soonest come first.
        """
        waiting = self.filter(status=AppointmentStatus.CONFIRMED, reminder_sent_at__isnull=True)
        near = waiting.filter(during__startswith__gt=since, during__startswith__lte=until)
        return near.order_by("during__startswith", "pk")

    def with_people(self) -> Self:
        """Who meets whom, for whom and where, and ``starts_at``, by which they can be ordered."""
        return self.select_related(
            "host__avatar",
            "guest__avatar",
            "organization",
            "development",
            "unit",
            "rescheduled_to",
        ).annotate(starts_at=F("during__startswith"))

    def visible_to(self, user: Any) -> Self:
        """Those one hosts or is invited to, and those of a builder for whom one acts."""
        if not is_signed_in(user):
            return self.none()
        if is_staff_with(user, "bookings.view_appointment"):
            return self.all()
        found: Self = of_either(
            self, Q(host=user), Q(guest=user), Q(organization__in=led_builders(user))
        )
        return found
