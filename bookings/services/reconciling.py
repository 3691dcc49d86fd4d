"""Comparing our payments with what the gateway has, payment by payment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from bookings.choices import FactKind, GatewayName, LedgerAccount
from bookings.gateways.choosing import gateway_named
from bookings.gateways.payments import GatewayRefusalError, Report
from bookings.models import LedgerEntry, Payment, PaymentFact
from bookings.querysets.payments import LedgerEntryQuerySet
from bookings.services.receiving import apply_report
from bookings.services.sale_ledger import PAYOUT, PAYOUT_BACK, REVERSAL
from config.shared.errors import MissingError

Progress = Callable[[int], None]
BATCH = 200
# Between the gateway and a seller's account, beside what comes from buyers and goes to them.
PASSING_ON = (
    Q(step__startswith=f"{PAYOUT}:")
    | Q(step__startswith=f"{PAYOUT_BACK}:")
    | Q(step__startswith=f"{REVERSAL}:")
)


@dataclass(slots=True)
class Reconciliation:
    """How many payments were compared, what differed in words, and how many were put right."""

    compared: int = 0
    applied: int = 0
    differences: list[str] = field(default_factory=list)


def to_reconcile(*, since: datetime | None = None) -> QuerySet[Payment]:
    """The payments that a gateway was told of, begun ``since`` then."""
    found = Payment.objects.exclude(gateway=GatewayName.OFFLINE).exclude(
        stripe_payment_intent_id=""
    )
    return (found if since is None else found.filter(created_at__gte=since)).order_by("pk")


def reconcile(
    *,
    since: datetime | None = None,
    repair: bool = False,
    progress: Progress = lambda _count: None,
) -> Reconciliation:
    """Ask the gateway about every payment and compare: what it said, and where the money is.

    With ``repair``, what we missed is applied as if its message had come now. Raises
    ``GatewayDownError`` where the gateway does not answer; what was put right until then stays.
    """
    result = Reconciliation()
    rows = to_reconcile(since=since)
    page = list(rows[:BATCH])
    while page:
        for payment in page:
            _compare(payment, result, repair=repair)
            result.compared += 1
            progress(1)
        page = list(rows.filter(pk__gt=page[-1].pk)[:BATCH])
    return result


def _compare(payment: Payment, result: Reconciliation, *, repair: bool) -> None:
    try:
        report = gateway_named(payment.gateway).retrieve(payment.stripe_payment_intent_id)
    except MissingError:
        result.differences.append(f"{payment}: its gateway, {payment.gateway}, is not set up here.")
        return
    except GatewayRefusalError as refusal:
        result.differences.append(f"{payment}: the gateway does not know it ({refusal.code}).")
        return
    missed = _missed(payment, report)
    if missed and repair:
        payment = apply_report(payment=payment, report=report)
        result.applied += 1
    result.differences += [f"{payment}: {sentence}" for sentence in missed]
    if not missed or repair:
        result.differences += [f"{payment}: {each}" for each in _sums(payment, report)]
        result.differences += [f"{payment}: {each}" for each in _passed_on(payment)]


def _missed(payment: Payment, report: Report) -> list[str]:
    """What the gateway says that we did not know."""
    known = set(PaymentFact.objects.filter(payment=payment).values_list("kind", "provider_ref"))
    return [
        f"the gateway says {fact.kind} {fact.amount} {fact.currency} ({fact.reference})."
        for fact in report.facts
        if (fact.kind, fact.reference) not in known
    ]


def _sums(payment: Payment, report: Report) -> list[str]:
    """Where the gateway's money is not what our ledger says it is."""
    came = _total(report, FactKind.SUCCEEDED)
    went = _total(report, FactKind.REFUNDED)
    booked = _clearing(payment).exclude(PASSING_ON).balance()
    if came - went == booked:
        return []
    return [f"the gateway holds {came - went} {payment.currency}, the ledger says {booked}."]


def _passed_on(payment: Payment) -> list[str]:
    """Where what the seller was sent is not what our ledger says of it."""
    if payment.destination_account or not payment.stripe_transfer_id:
        # The gateway passes it on itself, or the job of a payout is about to ask it.
        return []
    booked = -_clearing(payment).filter(PASSING_ON).balance()
    try:
        passed = gateway_named(payment.gateway).transferred(payment.stripe_transfer_id)
    except GatewayRefusalError as refusal:
        return [f"the gateway does not know its transfer ({refusal.code})."]
    sent = passed.amount - passed.reversed
    if sent == booked:
        return []
    return [f"the seller was sent {sent} {payment.currency}, the ledger says {booked}."]


def _clearing(payment: Payment) -> LedgerEntryQuerySet:
    return LedgerEntry.objects.filter(payment=payment, account=LedgerAccount.GATEWAY_CLEARING)


def _total(report: Report, kind: FactKind) -> Decimal:
    return sum((fact.amount for fact in report.facts if fact.kind == kind), Decimal(0))
