"""What was paid of instalments, and what that makes of them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from bookings.choices import SOLD_BOOKINGS, BookingStatus, InstalmentStatus
from bookings.flows import INSTALMENT_FLOW
from bookings.models import Booking, Instalment, Payment
from bookings.services.instalment_notices import tell_plan_paid
from config.shared.flows import move

NOTHING = Decimal(0)
_S = InstalmentStatus
OVER = (BookingStatus.CANCELLED, BookingStatus.TRANSFERRED)


def record_payment(*, instalment: Instalment, now: datetime) -> Decimal:
    """Let the state of ``instalment`` follow what was received; returns what is too much.

    Unit, booking and instalment are locked, and whatever became of the payment is written: it is
    called after money came, and after it was given back, any number of times with the same end.
    What was paid in part stays overdue if it was. What was waived or cancelled keeps its state:
    of a waived instalment everything is too much that arrived since, of a cancelled one everything,
    unless the booking is over, which is then the cancellation's affair.
    """
    received = _received(Payment.objects.filter(instalment=instalment))
    if instalment.status == _S.WAIVED:
        since = Payment.objects.filter(instalment=instalment, completed_at__gt=instalment.waived_at)
        return _received(since)
    if instalment.status == _S.CANCELLED:
        return NOTHING if instalment.booking.status in OVER else received
    settle_state(instalment=instalment, now=now, received=received)
    return max(received - instalment.amount - instalment.late_fee, NOTHING)


def settle_state(
    *, instalment: Instalment, now: datetime, received: Decimal | None = None
) -> Instalment:
    """Let the state of a locked instalment that counts follow what was received of it."""
    received = received_for(instalment) if received is None else received
    target = _state_after(instalment, received, instalment.amount + instalment.late_fee)
    if target != instalment.status:
        paid_at = now if target == _S.PAID else None
        move(instalment, target, flow=INSTALMENT_FLOW, actor=None, paid_at=paid_at)
        if target == _S.PAID:
            tell_if_all_paid(booking=instalment.booking, now=now)
    return instalment


def tell_if_all_paid(*, booking: Booking, now: datetime) -> None:
    """Tell the customer of a sold booking once nothing is left to pay."""
    mine = Instalment.objects.order_by().filter(booking=booking)
    left = mine.counting().exclude(status=_S.PAID)
    if booking.status in SOLD_BOOKINGS and mine.count() > 1 and not left.exists():
        tell_plan_paid(booking, when=now.isoformat())


def outstanding_of(instalment: Instalment) -> Decimal:
    """What is left to pay of ``instalment``, its late fee included."""
    owed = instalment.amount + instalment.late_fee
    return max(owed - received_for(instalment), NOTHING)


def paid_for(booking: Booking) -> Decimal:
    """What was received for ``booking`` and not given back."""
    return _received(Payment.objects.filter(booking=booking))


def received_for(instalment: Instalment) -> Decimal:
    """What was received for ``instalment`` and not given back."""
    return _received(Payment.objects.filter(instalment=instalment))


def _state_after(instalment: Instalment, received: Decimal, owed: Decimal) -> str:
    if received >= owed:
        return _S.PAID
    if instalment.booking.status in OVER and instalment.status == _S.PAID:
        return _S.CANCELLED
    if instalment.status == _S.OVERDUE:
        return _S.OVERDUE
    if received > 0:
        return _S.PARTIALLY_PAID
    return _S.SCHEDULED if instalment.status == _S.SCHEDULED else _S.DUE


def _received(payments: Any) -> Decimal:
    found = (
        payments.order_by().received().aggregate(came=Sum("amount"), went=Sum("refunded_amount"))
    )
    return (found["came"] or NOTHING) - (found["went"] or NOTHING)
