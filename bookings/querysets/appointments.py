"""Which appointments somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

from bookings.choices import TAKING_APPOINTMENTS
from bookings.querysets.homes import is_signed_in, is_staff_with, led_builders, of_either
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import Appointment


class AppointmentQuerySet(VisibleQuerySet["Appointment"]):
    """Appointments."""

    def taking(self) -> Self:
        """Those that take their host's time: requested or confirmed."""
        return self.filter(status__in=TAKING_APPOINTMENTS)

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
