"""Payments that are not decided yet, and what ends them besides the gateway."""

from bookings.choices import PaymentStatus
from bookings.flows import PAYMENT_FLOW
from bookings.models import Booking, Payment
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
    found = Payment.objects.filter(instalment__booking=booking, status__in=OPEN)
    payments = lock(*found) if found else ()
    for payment in payments:
        if payment.stripe_payment_intent_id:
            defer(CANCEL_JOB, payment_id=payment.pk)
        elif payment.status in OPEN:
            _fail(payment, "booking_ended")
    return len(payments)


@retry_transaction
def give_up(*, payment: Payment, code: str) -> Payment:
    """Note that a payment comes to nothing, for a reason that is no fact of the gateway's."""
    (payment,) = lock(payment)
    if payment.status in OPEN:
        _fail(payment, code)
    return payment


def _fail(payment: Payment, code: str) -> None:
    move(payment, PaymentStatus.FAILED, flow=PAYMENT_FLOW, actor=None, failure_code=code)
