"""Whether payments, what gateways said of them, refunds and the ledger tell one story."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import Count, F
from django.db.models.functions import Substr

from bookings.choices import FactKind, GatewayName, RefundStatus
from bookings.models import LedgerEntry, NumberSeries, Payment, PaymentFact, Refund
from bookings.services.ledger import steps_of_receipt, steps_of_refund
from bookings.services.sale_integrity import check_sales, sale_faults

BATCH = 500
MOST_SENTENCES = 50

Progress = Callable[[int], None]
Lines = dict[tuple[str, str], Decimal]


@dataclass(slots=True)
class MoneyReport:
    """How many payments were looked at, what contradicts itself, and the first of that in words."""

    payments: int = 0
    problems: int = 0
    sentences: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        """Count one contradiction more."""
        self.problems += 1
        if len(self.sentences) < MOST_SENTENCES:
            self.sentences.append(sentence)


def check_money(*, progress: Progress = lambda _count: None) -> MoneyReport:
    """Compare every payment with its facts, its refunds and its lines in the ledger, every sale
    with its payment, and the numbers of receipts with their series. Nothing is repaired: money is
    corrected by people.
    """
    report = MoneyReport()
    for payments in _batches():
        facts, refunds, lines = _facts(payments), _refunds(payments), _lines(payments)
        for payment in payments:
            found = _faults(payment, facts[payment.pk], refunds[payment.pk], lines[payment.pk])
            for sentence in found:
                report.add(f"{payment}: {sentence}")
        report.payments += len(payments)
        progress(len(payments))
    for sentence in chain(_gaps(), check_sales()):
        report.add(sentence)
    return report


def _faults(
    payment: Payment, kinds: set[str], refunds: list[Refund], lines: Lines
) -> Iterator[str]:
    arrived = payment.completed_at is not None
    offline = payment.gateway == GatewayName.OFFLINE
    if not offline and arrived != (FactKind.SUCCEEDED in kinds):
        yield "its state contradicts what the gateway said."
    done = [refund.amount for refund in refunds if refund.status == RefundStatus.COMPLETED]
    if sum(done, Decimal(0)) != payment.refunded_amount:
        yield "what was given back contradicts its refunds."
    if payment.transaction_id is not None:
        yield from sale_faults(payment, refunds, lines)
    elif lines != _expected(payment, refunds, arrived=arrived):
        yield "its lines in the ledger are not those that follow from it."


def _expected(payment: Payment, refunds: list[Refund], *, arrived: bool) -> Lines:
    steps = steps_of_receipt(payment) if arrived else {}
    for refund in refunds:
        refund.payment = payment
        steps |= steps_of_refund(refund)
    return {
        (step, str(account)): amount
        for step, entries in steps.items()
        for account, amount in entries.items()
        if amount
    }


def _batches() -> Iterator[list[Payment]]:
    payments = Payment.objects.order_by("pk")
    page = list(payments[:BATCH])
    while page:
        yield page
        page = list(payments.filter(pk__gt=page[-1].pk)[:BATCH])


def _facts(payments: list[Payment]) -> dict[Any, set[str]]:
    found: dict[Any, set[str]] = defaultdict(set)
    rows = PaymentFact.objects.order_by().filter(payment__in=payments)
    for payment, kind in rows.values_list("payment", "kind"):
        found[payment].add(kind)
    return found


def _refunds(payments: list[Payment]) -> dict[Any, list[Refund]]:
    found: dict[Any, list[Refund]] = defaultdict(list)
    for refund in Refund.objects.order_by("pk").filter(payment__in=payments):
        found[refund.payment_id].append(refund)
    return found


def _lines(payments: list[Payment]) -> dict[Any, Lines]:
    found: dict[Any, Lines] = defaultdict(dict)
    for entry in LedgerEntry.objects.order_by().filter(payment__in=payments):
        found[entry.payment_id][entry.step, entry.account] = entry.amount
    return found


def _gaps() -> Iterator[str]:
    """Series of receipts that do not count exactly the receipts there are."""
    years = (
        Payment.objects.order_by()
        .received()
        .annotate(year=Substr(F("receipt_no"), 4, 4))
        .values("year")
        .annotate(count=Count("pk"))
        .values_list("year", "count")
    )
    counted = {f"receipts-{year}": count for year, count in years}
    series = dict(
        NumberSeries.objects.filter(name__startswith="receipts-").values_list("name", "last")
    )
    for name in sorted(counted.keys() | series.keys()):
        if counted.get(name, 0) != series.get(name, 0):
            yield f"{name}: {counted.get(name, 0)} receipts, the last number is {series.get(name)}."
