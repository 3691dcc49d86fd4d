"""What payments are for: an instalment of a home, or the sale of a product."""

from uuid import UUID

from bookings.models import Booking, Instalment, Payment, Transaction


def instalment_of(payment: Payment) -> Instalment:
    """The instalment that ``payment`` is for; every payment for a home has one."""
    if payment.instalment is None:
        raise LookupError(f"{payment} is for no instalment.")
    return payment.instalment


def booking_of(payment: Payment) -> Booking:
    """The booking that the instalment of ``payment`` belongs to now."""
    return instalment_of(payment).booking


def sale_of(payment: Payment) -> Transaction:
    """The sale that ``payment`` is for; every payment that is for no home has one."""
    if payment.transaction is None:
        raise LookupError(f"{payment} is for no sale.")
    return payment.transaction


def payers_of(payment: Payment) -> set[UUID]:
    """Who paid, and whose the home or the thing that it was paid for is by now."""
    if payment.transaction is not None:
        return {payment.payer_id, payment.transaction.buyer_id}
    return {payment.payer_id, booking_of(payment).customer_id}
