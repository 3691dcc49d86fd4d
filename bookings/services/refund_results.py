"""What became of refunds, by what gateways said of them."""

from datetime import datetime

from bookings.choices import (
    FactKind,
    PaymentStatus,
    RefundStatus,
)
from bookings.flows import PAYMENT_FLOW, REFUND_FLOW
from bookings.models import Payment, PaymentFact, Refund
from bookings.services.facts import refund_in
from bookings.services.instalments import record_payment
from bookings.services.ledger import post_refund_paid
from bookings.services.refund_notices import tell_refund_paid
from bookings.services.refunds import owe_outside_refund
from bookings.services.sale_ledger import post_reversal
from bookings.services.subjects import instalment_of
from config.shared import metrics
from config.shared.flows import move
from config.shared.locks import lock

ABOUT_REFUNDS = (FactKind.REFUNDED, FactKind.REFUND_FAILED)
UNDER_WAY = (RefundStatus.APPROVED, RefundStatus.PROCESSING)


def apply_refund_facts(*, payment: Payment, now: datetime) -> None:
    """Bring the refunds of the locked ``payment`` up to what is known of them.

    One that the gateway carried out is completed, whatever else was said of it. One that failed
    as often as it was tried has failed. One that nobody here asked for was made at the gateway.
    """
    facts = list(PaymentFact.objects.filter(payment=payment, kind__in=ABOUT_REFUNDS))
    if not facts:
        return
    known = list(Refund.objects.filter(payment=payment))
    refunds = list(lock(*known)) if known else []
    failures: dict[Refund, list[PaymentFact]] = {}
    for fact in facts:
        refund = _refund_of(fact, refunds)
        if fact.kind == FactKind.REFUND_FAILED:
            if refund is not None:
                failures.setdefault(refund, []).append(fact)
            continue
        if refund is None:
            refund = owe_outside_refund(payment=payment, amount=fact.amount, now=now)
            refunds.append(refund)
        refund.payment = payment
        complete_refund(refund=refund, gateway_id=fact.provider_ref, now=now)
    for refund, found in failures.items():
        if refund.status in UNDER_WAY and len(found) >= refund.attempts:
            _fail(refund, found)


def complete_refund(*, refund: Refund, now: datetime, gateway_id: str = "") -> None:
    """Note, once, that the money of the locked ``refund`` has left; its payment is locked too."""
    if refund.status == RefundStatus.COMPLETED:
        return
    payment = refund.payment
    move(
        refund,
        RefundStatus.COMPLETED,
        flow=REFUND_FLOW,
        actor=None,
        completed_at=now,
        gateway_refund_id=gateway_id or refund.gateway_refund_id,
        failure_code="",
    )
    post_refund_paid(refund)
    _reduce(payment, refund)
    if payment.transaction_id is None:
        record_payment(instalment=instalment_of(payment), now=now)
    elif payment.destination_account:
        # The gateway takes back itself what it passed on itself.
        post_reversal(refund, refund.amount - refund.platform_fee)
    tell_refund_paid(refund)
    metrics.count("payments", "refunded")


def _reduce(payment: Payment, refund: Refund) -> None:
    total = payment.refunded_amount + refund.amount
    whole = total == payment.amount
    status = PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED
    if payment.status == status:
        payment.refunded_amount = total
        payment.save(update_fields=["refunded_amount", "updated_at"])
    else:
        move(payment, status, flow=PAYMENT_FLOW, actor=None, refunded_amount=total)


def _refund_of(fact: PaymentFact, refunds: list[Refund]) -> Refund | None:
    ours, _ = refund_in(fact)
    for refund in refunds:
        if refund.pk == ours or refund.gateway_refund_id == fact.provider_ref:
            return refund
    return None


def _fail(refund: Refund, facts: list[PaymentFact]) -> None:
    _, code = refund_in(max(facts, key=lambda fact: fact.provider_ref))
    move(
        refund,
        RefundStatus.FAILED,
        flow=REFUND_FLOW,
        actor=None,
        failure_code=code or "failed",
    )
