"""Payments that are not decided yet, and what ends them besides the gateway."""

from django.db.models import QuerySet

from bookings.choices import PaymentStatus
from bookings.flows import PAYMENT_FLOW
from bookings.models import Booking, Payment, Transaction
from config.shared.flows import move
from config.shared.jobs import defer
from config.shared.locks import lock
from config.shared.retries import retry_transaction

CANCEL_JOB = "bookings.cancel_intent"
OPEN = (PaymentStatus.PENDING, PaymentStatus.PROCESSING)


@retry_transaction
def cancel_open_payments(*, booking: Booking) -> int:
    """Call off what is being paid for ``booking``, which has ended; returns how many payments.

    What the gateway knows of is called off by a job; the rest fails at once. Money that comes
    nevertheless is given back.
    """
    return _call_off(Payment.objects.filter(instalment__booking=booking), "booking_ended")


@retry_transaction
def cancel_sale_payments(*, transaction: Transaction) -> int:
    """Call off what is being paid for a sale that has ended; returns how many payments."""
    return _call_off(Payment.objects.filter(transaction=transaction), "sale_ended")


@retry_transaction
def give_up(*, payment: Payment, code: str) -> Payment:
    """Note that a payment comes to nothing, for a reason that is no fact of the gateway's."""
    (payment,) = lock(payment)
    if payment.status in OPEN:
        _fail(payment, code)
    return payment


def _call_off(payments: QuerySet[Payment], code: str) -> int:
    found = payments.filter(status__in=OPEN)
    locked = lock(*found) if found else ()
    for payment in locked:
        if payment.stripe_payment_intent_id:
            defer(CANCEL_JOB, payment_id=payment.pk)
        elif payment.status in OPEN:
            _fail(payment, code)
    return len(locked)


def _fail(payment: Payment, code: str) -> None:
    move(payment, PaymentStatus.FAILED, flow=PAYMENT_FLOW, actor=None, failure_code=code)
