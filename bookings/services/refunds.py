"""Giving money back: who asks, who approves, and never more than was received."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Q, Sum

from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import (
    RECEIVED_PAYMENTS,
    GatewayName,
    RefundReason,
    RefundStatus,
)
from bookings.flows import REFUND_FLOW
from bookings.models import Booking, CancellationRequest, Payment, Refund
from bookings.payment_exceptions import (
    NotReceivedError,
    SamePersonError,
    TooMuchError,
)
from bookings.services.ledger import post_refund
from bookings.services.money_people import require_money_people
from bookings.services.references import REFUND, next_reference
from bookings.services.refund_notices import tell_refund_decided, tell_refund_requested
from bookings.services.refunded_sales import lock_for_refund, note_owed
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError
from config.shared.flows import move
from config.shared.jobs import defer
from config.shared.locks import lock
from config.shared.money import check_amount, exponent, written
from config.shared.retries import retry_transaction

JOB = "bookings.carry_out_refund"
NOTHING = Decimal(0)


@retry_transaction
def request_refund(
    *, payment: Payment, amount: Decimal, reason: str, actor: User, note: str = ""
) -> Refund:
    """Ask that ``amount`` of a payment be given back, as finance of the builder or as staff.

    Above the limit (setting ``second_person_above``) somebody else has to approve it; what was
    given back of the same booking without one counts as well, so that many small refunds are as
    one large.
    """
    require_money_people(actor=actor, payment=payment, permission="bookings.refund_payment")
    return refund_payment(
        payment=payment, amount=amount, reason=reason, requested_by=actor, note=note
    )


@retry_transaction
def refund_payment(
    *,
    payment: Payment,
    amount: Decimal,
    reason: str,
    requested_by: User | None,
    note: str = "",
    cancellation: CancellationRequest | None = None,
) -> Refund:
    """Give ``amount`` of a payment back; ``requested_by`` is None for the platform's own rules.

    The booking is locked before the payment, so that parallel requests never give back more than
    was received, nor more without a second person than the limit. Nothing of a disputed sale goes
    back in this way (``SaleDisputedError``).
    Above the limit it waits for a second person, unless a rule of the platform, or the two who
    approved a ``cancellation``, asked for it. Raises ``NotReceivedError``, ``TooMuchError``.
    """
    payment = lock_for_refund(payment)
    if payment.status not in RECEIVED_PAYMENTS:
        raise NotReceivedError
    amount = check_amount(amount, payment.currency)
    if amount == 0:
        raise InvalidInputError.at("/amount", "amount_not_positive", "More than nothing.")
    if amount > refundable(payment):
        most = written(refundable(payment), payment.currency)
        raise TooMuchError.at("/amount", TooMuchError.code, f"At most {most} {payment.currency}.")
    limit = get_setting("second_person_above")
    by_one = requested_by is not None and cancellation is None
    needs_second = by_one and amount + _given_by_one(payment) > limit
    return _make_refund(
        payment,
        amount,
        reason=reason,
        requested_by=requested_by,
        note=note,
        cancellation=cancellation,
        needs_second_person=needs_second,
    )


def owe_refund(*, payment: Payment, amount: Decimal, reason: str) -> Refund:
    """Give ``amount`` of the locked ``payment`` back by a rule of the platform."""
    return _make_refund(payment, amount, reason=reason, requested_by=None)


def refund_by_decision(
    *, payment: Payment, amount: Decimal, requested_by: User | None, approved_by: User | None
) -> Refund:
    """Give ``amount`` of a disputed sale's payment back, as it was decided; all of it is locked."""
    return _make_refund(
        payment,
        amount,
        reason=RefundReason.DISPUTE,
        requested_by=requested_by,
        approved_by=approved_by,
    )


def owe_outside_refund(*, payment: Payment, amount: Decimal, now: datetime) -> Refund:
    """The row of a refund that was made at the gateway itself, which is under way already."""
    refund = Refund.objects.create(
        reference=next_reference(REFUND),
        payment=payment,
        amount=amount,
        currency=payment.currency,
        platform_fee=_fee_part(payment, amount),
        reason=RefundReason.MISTAKE,
        note="Made at the gateway.",
        status=RefundStatus.APPROVED,
        decided_at=now,
    )
    post_refund(refund)
    note_owed(refund=refund)
    return refund


@retry_transaction
def refund_booking(
    *,
    booking: Booking,
    amount: Decimal,
    requested_by: User | None,
    approved_by: User | None,
    cancellation: CancellationRequest | None,
) -> list[Refund]:
    """Give ``amount`` of what was paid for a booking back, out of the newest payments first.

    Those who approved the cancellation have approved the refunds. Raises ``TooMuchError`` when
    less than ``amount`` is there; then nothing is given back.
    """
    payments = lock_received(booking)
    left, made = amount, []
    for payment in payments:
        part = min(left, refundable(payment))
        if part > 0:
            refund = _make_refund(
                payment,
                part,
                reason=RefundReason.CANCELLATION,
                requested_by=requested_by,
                approved_by=approved_by,
                cancellation=cancellation,
            )
            made.append(refund)
            left -= part
    if left > 0:
        raise TooMuchError.at("/amount", TooMuchError.code, f"{left} more than is there.")
    return made


def lock_received(booking: Booking) -> list[Payment]:
    """The payments for ``booking`` whose money arrived, locked, the newest first."""
    found = Payment.objects.received().filter(instalment__booking=booking)
    locked = lock(*found) if found else ()
    arrived = [payment for payment in locked if payment.completed_at is not None]
    return sorted(arrived, key=lambda each: (each.completed_at, each.pk), reverse=True)


@retry_transaction
def approve_refund(*, refund: Refund, actor: User, note: str = "") -> Refund:
    """Agree, as a second person, to a refund above the limit."""
    refund = _decidable(refund, actor)
    move(
        refund,
        RefundStatus.APPROVED,
        flow=REFUND_FLOW,
        actor=actor,
        reason=note,
        approved_by=actor,
        decided_at=database_now(),
    )
    _set_going(refund)
    return refund


@retry_transaction
def reject_refund(*, refund: Refund, actor: User, reason: str) -> Refund:
    """Turn a refund down, with a reason; also whoever asked for it may take it back so."""
    refund = _decidable(refund, actor, own=True)
    move(
        refund,
        RefundStatus.REJECTED,
        flow=REFUND_FLOW,
        actor=actor,
        reason=reason,
        decided_at=database_now(),
    )
    tell_refund_decided(refund, reason)
    return refund


def refundable(payment: Payment) -> Decimal:
    """What of ``payment`` is neither given back nor on its way."""
    return payment.amount - _claimed(payment)["amount"]


def _decidable(refund: Refund, actor: User, *, own: bool = False) -> Refund:
    payment = lock_for_refund(refund.payment, disputed=own)
    (refund,) = lock(refund)
    refund.payment = payment
    is_taken_back = own and refund.requested_by_id == actor.pk
    permission = "bookings.refund_payment" if is_taken_back else "bookings.approve_refund"
    require_money_people(actor=actor, payment=payment, permission=permission)
    if refund.requested_by_id == actor.pk and not own:
        raise SamePersonError
    return refund


def _given_by_one(payment: Payment) -> Decimal:
    """What single people have given back of the booking, which nobody else looked at."""
    found = Refund.objects.filter(
        Q(payment__booking=payment.booking_id, payment__transaction=payment.transaction_id),
        requested_by__isnull=False,
        cancellation=None,
        needs_second_person=False,
    ).exclude(status=RefundStatus.REJECTED)
    return found.aggregate(sum=Sum("amount"))["sum"] or NOTHING


def _make_refund(payment: Payment, amount: Decimal, **values: Any) -> Refund:
    waits = values.get("needs_second_person", False)
    refund = Refund.objects.create(
        reference=next_reference(REFUND),
        payment=payment,
        amount=amount,
        currency=payment.currency,
        platform_fee=_fee_part(payment, amount),
        status=RefundStatus.REQUESTED if waits else RefundStatus.APPROVED,
        decided_at=None if waits else database_now(),
        **values,
    )
    audit.record(
        f"bookings.refund.{refund.status}",
        target=refund,
        actor=refund.requested_by,
        after={"payment": payment.reference, "amount": amount, "reason": refund.reason},
    )
    if waits:
        tell_refund_requested(refund)
    else:
        _set_going(refund)
    return refund


def _set_going(refund: Refund) -> None:
    """Owe the refund from here on; through a gateway, a job carries it out."""
    post_refund(refund)
    note_owed(refund=refund)
    if refund.payment.gateway != GatewayName.OFFLINE:
        defer(JOB, refund_id=refund.pk)


def _fee_part(payment: Payment, amount: Decimal) -> Decimal:
    """The part of the fee that goes back with ``amount``; all parts together give the whole fee."""
    claimed = _claimed(payment)
    share = payment.platform_fee * (claimed["amount"] + amount) / payment.amount
    unit = Decimal(1).scaleb(-exponent(payment.currency))
    back = share.quantize(unit, rounding=ROUND_HALF_UP) - claimed["fee"]
    return min(max(back, NOTHING), amount)


def _claimed(payment: Payment) -> dict[str, Decimal]:
    """What of a payment, and of its fee, is given back or will be."""
    found = Refund.objects.filter(payment=payment).exclude(status=RefundStatus.REJECTED)
    sums = found.aggregate(amount=Sum("amount"), fee=Sum("platform_fee"))
    return {name: value or NOTHING for name, value in sums.items()}
