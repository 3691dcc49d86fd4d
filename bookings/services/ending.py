"""What else ends when a booking does."""

from accounts.models import User
from bookings.choices import BookingStatus
from bookings.models import Booking
from bookings.services.open_payments import cancel_open_payments
from bookings.services.plans import cancel_instalments


def end_money(*, booking: Booking, actor: User | None) -> None:
    """Stop what was being paid for ``booking``, which has just ended, in the open transaction.

    An expired booking keeps its instalments: money that is on its way may still revive it.
    """
    if booking.status == BookingStatus.CANCELLED:
        cancel_open_payments(booking=booking)
        cancel_instalments(booking=booking, actor=actor)
