"""Money that arrives, and what it brings about: never "paid and nothing"."""

from datetime import datetime
from decimal import Decimal

from bookings.choices import (
    SOLD_BOOKINGS,
    BookingStatus,
    FactKind,
    InstalmentStatus,
    PaymentStatus,
    RefundReason,
    RefundStatus,
)
from bookings.flows import PAYMENT_FLOW
from bookings.gateways.payments import Report
from bookings.models import Instalment, Payment, Refund
from bookings.services.confirming import confirm_booking, revive_booking
from bookings.services.facts import Standing, standing_of, store_facts
from bookings.services.instalments import record_payment
from bookings.services.ledger import post_receipt
from bookings.services.payment_notices import tell_late_money, tell_payment_failed, tell_received
from bookings.services.references import next_receipt_number
from bookings.services.refund_results import apply_refund_facts
from bookings.services.refunds import owe_refund, refundable
from bookings.services.sale_locks import lock_sale_payment
from bookings.services.sale_receiving import receive_sale
from bookings.services.settling import has_lapsed
from bookings.services.subjects import instalment_of
from config.shared import metrics
from config.shared.clock import database_now
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

# A deposit that comes may still make something of these.
AWAITING = (BookingStatus.PENDING_PAYMENT, BookingStatus.EXPIRED)
AUTOMATIC = (RefundReason.LATE_MONEY, RefundReason.SURPLUS, RefundReason.CANCELLATION)
SETTLED = (InstalmentStatus.CANCELLED, InstalmentStatus.WAIVED)


@retry_transaction
def apply_report(*, payment: Payment, report: Report) -> Payment:
    """Take in what a gateway said of ``payment`` and do what follows from all that it ever said.

    May be repeated, in any order. Unit, booking, instalment and payment are locked first, so of
    several messages that bring the money one has the effect.
    """
    payment = lock_payment(payment)
    _remember_names(payment, report)
    store_facts(payment=payment, facts=report.facts)
    standing = standing_of(payment)
    if standing.status == PaymentStatus.COMPLETED:
        receive(payment=payment)
        apply_refund_facts(payment=payment, now=database_now())
    else:
        _follow(payment, standing)
    return payment


def lock_payment(payment: Payment) -> Payment:
    """``payment`` locked, after the unit, the booking and the instalment that it belongs to, or
    after the product and the sale."""
    if payment.transaction_id is not None:
        return lock_sale_payment(payment=payment)
    instalment = Instalment.objects.select_related("booking__unit").get(payments=payment)
    booking = instalment.booking
    unit, booking, instalment, payment = lock(booking.unit, booking, instalment, payment)
    if instalment.booking_id != booking.pk:
        # It passed to another customer's booking of the same unit while the locks were waited for.
        (booking,) = lock(instalment.booking)
    booking.unit, instalment.booking = unit, booking
    payment.instalment, payment.booking = instalment, booking
    return payment


def receive(*, payment: Payment) -> None:
    """Note that the money of the locked ``payment`` is here, once, and do what it was paid for.

    The thing of a sale is sold. A deposit confirms its booking; one that comes after the time was
    over revives the booking where the unit is still free, and is otherwise given back in full.
    Money for a booking that has ended is given back, and so is what exceeds the instalment.
    """
    if payment.completed_at is not None:
        return
    now = database_now()
    move(
        payment,
        PaymentStatus.COMPLETED,
        flow=PAYMENT_FLOW,
        actor=payment.confirmed_by,
        receipt_no=next_receipt_number(),
        completed_at=now,
        failure_code="",
    )
    post_receipt(payment)
    metrics.count("payments", "completed")
    if payment.transaction_id is not None:
        receive_sale(payment=payment, now=now)
        return
    reason = _reason_to_return(payment, now)
    if reason is None:
        tell_received(payment)
        _count(payment, now)
        return
    owe_refund(payment=payment, amount=refundable(payment), reason=reason)
    tell_late_money(payment)
    metrics.count("payments", "returned")


def _reason_to_return(payment: Payment, now: datetime) -> RefundReason | None:
    """Why the whole payment goes back, or None where its booking goes on."""
    instalment = instalment_of(payment)
    booking = instalment.booking
    if booking.status == BookingStatus.PENDING_PAYMENT and not has_lapsed(booking, now):
        confirm_booking(booking=booking, now=now)
    elif booking.status in AWAITING:
        if not revive_booking(booking=booking, now=now):
            return RefundReason.LATE_MONEY
    elif booking.status not in SOLD_BOOKINGS:
        return RefundReason.CANCELLATION
    instalment.refresh_from_db(fields=["status", "due_at", "due_date"])
    return RefundReason.SURPLUS if instalment.status in SETTLED else None


def _count(payment: Payment, now: datetime) -> None:
    instalment = instalment_of(payment)
    surplus = record_payment(instalment=instalment, now=now)
    surplus -= _on_its_way_back(instalment)
    amount = min(surplus, refundable(payment))
    if amount > 0:
        owe_refund(payment=payment, amount=amount, reason=RefundReason.SURPLUS)


def _on_its_way_back(instalment: Instalment) -> Decimal:
    """What the platform is giving back of the payments for ``instalment`` already."""
    ended = (RefundStatus.COMPLETED, RefundStatus.REJECTED)
    found = Refund.objects.filter(
        payment__instalment=instalment, requested_by=None, reason__in=AUTOMATIC
    ).exclude(status__in=ended)
    return sum(found.values_list("amount", flat=True), Decimal(0))


def _remember_names(payment: Payment, report: Report) -> None:
    """Keep the gateway's names for the payment, and for the charge that brought the money."""
    names = {"stripe_payment_intent_id": report.intent}
    if any(fact.kind == FactKind.SUCCEEDED for fact in report.facts):
        names |= {"stripe_charge_id": report.charge, "stripe_transfer_id": report.transfer}
    new = {name: given for name, given in names.items() if given and not getattr(payment, name)}
    if new:
        for name, given in new.items():
            setattr(payment, name, given)
        payment.save(update_fields=[*new, "updated_at"])


def _follow(payment: Payment, standing: Standing) -> None:
    """Bring the state of a payment without money up to what is known."""
    if payment.completed_at is not None or standing.status == PaymentStatus.PENDING:
        return
    if (payment.status, payment.failure_code) == (standing.status, standing.code):
        return
    if payment.status == standing.status:
        payment.failure_code = standing.code
        payment.save(update_fields=["failure_code", "updated_at"])
        return
    move(payment, standing.status, flow=PAYMENT_FLOW, actor=None, failure_code=standing.code)
    if standing.status == PaymentStatus.FAILED:
        metrics.count("payments", "failed")
    if standing.status == PaymentStatus.FAILED and standing.code != "cancelled":
        tell_payment_failed(payment, standing.code)
