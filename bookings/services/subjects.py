"""What payments are for."""

from bookings.models import Booking, Instalment, Payment


def instalment_of(payment: Payment) -> Instalment:
    """The instalment that ``payment`` is for; every payment for a home has one."""
    if payment.instalment is None:
        raise LookupError(f"{payment} is for no instalment.")
    return payment.instalment


def booking_of(payment: Payment) -> Booking:
    """The booking that the instalment of ``payment`` belongs to now."""
    return instalment_of(payment).booking
