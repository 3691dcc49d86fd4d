"""Leaving a booking: at once while nothing is paid, by the policy after that."""

from accounts.models import User
from bookings.models import Booking
from bookings.services.cancellations import ask_cancellation
from bookings.services.checkout import release_booking
from bookings.services.open_requests import BINDING


def leave_booking(*, booking: Booking, actor: User, reason: str = "") -> Booking:
    """Cancel ``booking``, or ask that it be cancelled once its deposit is paid.

    A hold, or a booking whose deposit is awaited, ends at once (see ``release_booking``). One that
    is confirmed or contracted stays as it is until the builder has decided (see
    ``ask_cancellation``). The state that was read decides which of the two is meant; if it has
    changed since, both refuse.
    """
    if booking.status in BINDING:
        ask_cancellation(booking=booking, actor=actor, reason=reason)
        return booking
    return release_booking(booking=booking, actor=actor, reason=reason)
