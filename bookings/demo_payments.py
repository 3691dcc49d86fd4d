"""Payments of the demo: what came, what did not, what gateways said of it, and the ledger."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model

from accounts.models import User
from bookings.choices import (
    OFFLINE_METHODS,
    BookingStatus,
    FactKind,
    GatewayName,
    InstalmentKind,
    InstalmentStatus,
    LedgerAccount,
    PaymentMethod,
    PaymentPurpose,
    PaymentStatus,
    WebhookOutcome,
)
from bookings.demo_deals import Deal
from bookings.models import Instalment, LedgerEntry, Payment, PaymentFact, WebhookEvent
from config.shared.money import split
from config.shared.seeding import Seed

PURPOSES = {
    InstalmentKind.DEPOSIT: PaymentPurpose.DEPOSIT,
    InstalmentKind.PLAN: PaymentPurpose.INSTALMENT,
    InstalmentKind.CHANGE: PaymentPurpose.CHANGE,
}
SURPLUS = Decimal(4500)
# What becomes of a deposit that is not simply paid.
STATES = {
    "processing": PaymentStatus.PROCESSING,
    "failed": PaymentStatus.FAILED,
    "late": PaymentStatus.COMPLETED,
}


def payments_of(deal: Deal, finance: User) -> list[Payment]:
    """The payments for the instalments of ``deal``."""
    return [row for line in deal.instalments for row in _for(deal, line, finance)]


def _for(deal: Deal, line: Instalment, finance: User) -> Iterator[Payment]:
    deposit = deal.words.get("deposit") if line.order == 1 else None
    if line.order in deal.words.get("fails", ()):
        at = (line.paid_at or line.created_at) - timedelta(minutes=4)
        yield payment(deal, line, line.amount, at, name="refused", status=PaymentStatus.FAILED)
    if deposit:
        at = line.created_at + timedelta(minutes=10)
        if deposit == "late":
            at = deal.ended + timedelta(hours=5)
        yield payment(deal, line, line.amount, at, status=STATES[deposit])
    if deposit == "failed":
        at = line.created_at + timedelta(hours=1)
        yield payment(deal, line, line.amount, at, name="again", status=PaymentStatus.PENDING)
    if line.status == InstalmentStatus.PAID and line.paid_at:
        yield from _in_full(deal, line, line.paid_at, finance)
    if line.status == InstalmentStatus.PARTIALLY_PAID:
        half, _ = split(line.amount, [2, 3], line.currency)
        at = (line.due_at or line.created_at) + timedelta(hours=20)
        yield payment(deal, line, half, at, finance=finance)


def _in_full(deal: Deal, line: Instalment, at: datetime, finance: User) -> Iterator[Payment]:
    owed = line.amount + line.late_fee
    wish = deal.words.get("lines", {}).get(str(line.order))
    surplus = deal.words.get("surplus") == line.order
    if wish == "paid_twice":
        first, second = split(owed, [1, 1], line.currency)
        yield payment(deal, line, first, at - timedelta(hours=9), name="first", finance=finance)
        yield payment(deal, line, second, at, finance=finance)
    else:
        yield payment(deal, line, owed + surplus * SURPLUS, at, finance=finance)


def payment(
    deal: Deal,
    line: Instalment,
    amount: Decimal,
    at: datetime,
    *,
    name: str = "",
    status: PaymentStatus = PaymentStatus.COMPLETED,
    finance: User | None = None,
) -> Payment:
    """One payment, begun a little before ``at``; offline money is confirmed by ``finance``."""
    seed, origin = deal.seed, deal.follows or deal
    key = seed.key("payment", line.pk, name)
    method = PaymentMethod(origin.words.get("pay", PaymentMethod.CARD))
    offline = method in OFFLINE_METHODS and finance is not None
    came = status == PaymentStatus.COMPLETED
    word = key.hex[-20:]
    return Payment(
        id=key,
        purpose=PURPOSES[InstalmentKind(line.kind)],
        payer=origin.customer,
        payee_organization=deal.development.builder,
        booking=deal.booking,
        instalment=line,
        amount=amount,
        currency=line.currency,
        status=status,
        payment_method=method if offline else PaymentMethod.CARD,
        gateway=GatewayName.OFFLINE if offline else GatewayName.TEST,
        stripe_payment_intent_id="" if offline else f"test_pi_{word}",
        stripe_charge_id=f"test_ch_{word}" if came and not offline else "",
        offline_reference=f"TT {word[:10].upper()}" if offline else "",
        confirmed_by=finance if offline else None,
        failure_code="card_declined" if status == PaymentStatus.FAILED else "",
        completed_at=at if came else None,
        created_at=at - timedelta(days=1 if offline else 0, minutes=2),
    )


def facts(seed: Seed, rows: list[Payment]) -> Iterator[PaymentFact]:
    """What the gateway said of each payment by card."""
    kinds = {
        PaymentStatus.PROCESSING: FactKind.PROCESSING,
        PaymentStatus.FAILED: FactKind.FAILED,
        PaymentStatus.COMPLETED: FactKind.SUCCEEDED,
    }
    for row in rows:
        kind = kinds.get(PaymentStatus(state_on_arrival(row)))
        if row.gateway == GatewayName.TEST and kind:
            yield PaymentFact(
                id=seed.key("fact", row.pk, kind),
                payment=row,
                kind=kind,
                provider_ref=row.stripe_charge_id or f"test_ch_{row.pk.hex[-20:]}",
                amount=row.amount,
                currency=row.currency,
                code=row.failure_code,
                at=row.completed_at or row.created_at + timedelta(minutes=1),
            )


def state_on_arrival(row: Payment) -> str:
    """The state before anything was given back."""
    return PaymentStatus.COMPLETED if row.completed_at else row.status


def ledger(seed: Seed, rows: list[Payment]) -> Iterator[LedgerEntry]:
    """What each payment that came was for, and where its money is (see ``services.ledger``)."""
    for row in rows:
        if row.completed_at:
            offline = row.gateway == GatewayName.OFFLINE
            place = LedgerAccount.BUILDER if offline else LedgerAccount.GATEWAY_CLEARING
            owed = {LedgerAccount.CUSTOMER: row.amount, LedgerAccount.BUILDER: -row.amount}
            had = {place: row.amount, LedgerAccount.CUSTOMER: -row.amount}
            yield from posted(seed, row, "charge", owed, row.completed_at)
            yield from posted(seed, row, "capture", had, row.completed_at)


def posted(
    seed: Seed,
    row: Payment,
    step: str,
    entries: Mapping[LedgerAccount, Decimal],
    at: datetime,
) -> Iterator[LedgerEntry]:
    """The lines of one step."""
    for account, amount in entries.items():
        yield LedgerEntry(
            id=seed.key("entry", row.pk, step, account),
            payment=row,
            step=step,
            account=account,
            amount=amount,
            currency=row.currency,
            at=at,
        )


def messages_about(seed: Seed, rows: list[Payment]) -> Iterator[WebhookEvent]:
    """The messages of the gateway that brought the money."""
    types = {
        PaymentStatus.COMPLETED: "payment_intent.succeeded",
        PaymentStatus.FAILED: "payment_intent.payment_failed",
        PaymentStatus.PROCESSING: "payment_intent.processing",
    }
    for row in rows:
        kind = types.get(PaymentStatus(state_on_arrival(row)))
        if row.gateway == GatewayName.TEST and kind:
            said = {"intent": row.stripe_payment_intent_id, "payment": str(row.pk), "facts": []}
            at = row.completed_at or row.created_at + timedelta(minutes=1)
            yield _message(seed, row.pk.hex[-20:], kind, at, said=said)


def webhooks(seed: Seed, rows: list[Payment]) -> Iterator[Model]:
    """The messages about payments, one about nothing of ours, and one that is broken."""
    yield from messages_about(seed, rows)
    at = seed.ago(days=6, hours=7)
    yield _message(seed, "plan", "plan.updated", at, outcome=WebhookOutcome.IGNORED)
    yield _message(
        seed,
        "broken",
        "payment_intent.succeeded",
        at + timedelta(days=2),
        outcome=WebhookOutcome.FAILED,
        error="AmountMismatchError: 1.00 AED arrived, not 98000.00 AED.",
    )


def _message(
    seed: Seed,
    name: str,
    kind: str,
    at: datetime,
    *,
    outcome: WebhookOutcome = WebhookOutcome.APPLIED,
    said: dict[str, Any] | None = None,
    error: str = "",
) -> WebhookEvent:
    failed = outcome == WebhookOutcome.FAILED
    return WebhookEvent(
        id=seed.key("webhook", name),
        gateway=GatewayName.TEST,
        external_id=f"test_evt_{name}",
        type=kind,
        payload_hash=seed.random("payload", name).randbytes(32).hex(),
        facts=said or {},
        received_at=at,
        processed_at=None if failed else at + timedelta(seconds=1),
        outcome=outcome,
        error=error,
        attempts=3 if failed else 1,
    )


def was_late(deal: Deal) -> bool:
    """Whether the deposit came when the booking had expired and the unit was taken."""
    return deal.status == BookingStatus.EXPIRED and deal.words.get("deposit") == "late"
