"""Leaving a booking: at once while nothing is paid, by the policy after that."""

from accounts.models import User
from bookings.models import Booking
from bookings.services.checkout import release_booking


def leave_booking(*, booking: Booking, actor: User, reason: str = "") -> Booking:
    """Cancel ``booking``, or ask that it be cancelled once its deposit is paid.

    A hold, or a booking whose deposit is awaited, ends at once (see ``release_booking``).
    """
    return release_booking(booking=booking, actor=actor, reason=reason)
