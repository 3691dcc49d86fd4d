"""Money that the demo gives back: asked for, approved, under way, arrived, refused, failed."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model

from accounts.models import User
from bookings.choices import (
    FactKind,
    GatewayName,
    LedgerAccount,
    PaymentStatus,
    RefundReason,
    RefundStatus,
)
from bookings.demo_deals import Deal
from bookings.demo_payments import posted, was_late
from bookings.models import CancellationRequest, Payment, PaymentFact, Refund
from config.shared.seeding import Seed

# In these states a refund is owed: it stands in the ledger.
OWED = (
    RefundStatus.APPROVED,
    RefundStatus.PROCESSING,
    RefundStatus.COMPLETED,
    RefundStatus.FAILED,
)


def refund(
    seed: Seed,
    payment: Payment,
    amount: Decimal,
    *,
    reason: RefundReason,
    status: RefundStatus,
    at: datetime,
    people: tuple[User | None, User | None] = (None, None),
    **columns: Any,
) -> Refund:
    """A refund in ``status``, asked for at ``at`` by the first of ``people``; what has arrived
    is taken off its payment."""
    decided = None if status == RefundStatus.REQUESTED else at + timedelta(hours=2)
    completed = status == RefundStatus.COMPLETED
    card = payment.gateway == GatewayName.TEST
    key = seed.key("refund", payment.pk, reason)
    if completed:
        payment.refunded_amount += amount
        whole = payment.refunded_amount == payment.amount
        payment.status = PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED
    row = Refund(
        id=key,
        payment=payment,
        amount=amount,
        currency=payment.currency,
        reason=reason,
        status=status,
        requested_by=people[0],
        approved_by=people[1],
        decided_at=decided,
        completed_at=at + timedelta(hours=26) if completed else None,
        gateway_refund_id=f"test_re_{key.hex[-20:]}" if completed and card else "",
        failure_code="lost_or_stolen_card" if status == RefundStatus.FAILED else "",
        created_at=at,
        **columns,
    )
    if completed and row.completed_at:
        row.completed_at = min(row.completed_at, seed.present)
    if status == RefundStatus.FAILED and hasattr(row, "attempts"):
        row.attempts = 1
    return row


def of_cancellation(
    seed: Seed, deal: Deal, request: CancellationRequest, status: RefundStatus
) -> Iterator[Refund]:
    """What a cancellation gives back, out of the newest payments first."""
    left = request.refund_amount
    at = request.decided_at or request.created_at
    for payment in sorted(deal.payments, key=lambda row: row.created_at, reverse=True):
        part = min(left, payment.amount)
        if payment.completed_at and part > 0:
            left -= part
            yield refund(
                seed,
                payment,
                part,
                reason=RefundReason.CANCELLATION,
                status=status,
                at=at,
                people=(request.approved_by, request.second_approved_by),
                cancellation=request,
            )


def of_late_money(seed: Seed, deal: Deal) -> Iterator[Refund]:
    """A deposit that came too late goes back whole, by a rule of the platform."""
    for payment in deal.payments:
        if was_late(deal) and payment.completed_at:
            yield refund(
                seed,
                payment,
                payment.amount,
                reason=RefundReason.LATE_MONEY,
                status=RefundStatus.COMPLETED,
                at=payment.completed_at,
            )


def of_table(seed: Seed, deal: Deal, words: Mapping[str, Any], people: tuple[User, User]) -> Refund:
    """A refund of ``bookings.toml``."""
    line = next(line for line in deal.instalments if line.order == words["line"])
    payment = next(row for row in deal.payments if row.instalment == line and row.completed_at)
    status, reason = RefundStatus(words["status"]), RefundReason(words["reason"])
    by_rule = reason == RefundReason.SURPLUS
    asked = seed.ago(days=words["days"], hours=-9)
    return refund(
        seed,
        payment,
        Decimal(words["amount"]),
        reason=reason,
        status=status,
        at=payment.completed_at or asked if by_rule else asked,
        people=(None if by_rule else people[0], None),
        note=words.get("note", ""),
        needs_second_person=not by_rule,
    )


def ledger_of_refunds(seed: Seed, rows: list[Refund]) -> Iterator[Model]:
    """What is owed back, and what has left (see ``services.ledger``)."""
    for row in rows:
        if row.status not in OWED:
            continue
        payment, at = row.payment, row.decided_at or row.created_at
        owed = {LedgerAccount.BUILDER: row.amount, LedgerAccount.REFUND: -row.amount}
        yield from posted(seed, payment, f"refund:{row.reference}", owed, at)
        if row.completed_at:
            offline = payment.gateway == GatewayName.OFFLINE
            place = LedgerAccount.BUILDER if offline else LedgerAccount.GATEWAY_CLEARING
            left = {LedgerAccount.REFUND: row.amount, place: -row.amount}
            step = f"refund_paid:{row.reference}"
            yield from posted(seed, payment, step, left, row.completed_at)


def facts_of_refunds(seed: Seed, rows: list[Refund]) -> Iterator[PaymentFact]:
    """What the gateway said of refunds to cards."""
    for row in rows:
        failed = row.status == RefundStatus.FAILED
        if row.payment.gateway == GatewayName.TEST and (failed or row.completed_at):
            kind = FactKind.REFUND_FAILED if failed else FactKind.REFUNDED
            code = f":{row.failure_code}" if failed else ":"
            yield PaymentFact(
                id=seed.key("fact", row.pk, kind),
                payment=row.payment,
                kind=kind,
                provider_ref=row.gateway_refund_id or f"test_re_{row.pk.hex[-20:]}",
                amount=row.amount,
                currency=row.currency,
                code=f"{row.pk.hex}{code}"[:60],
                at=row.completed_at or row.created_at + timedelta(hours=3),
            )
