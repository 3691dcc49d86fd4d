"""A seller's statement of one month, out of the ledger: nothing in it is stored anywhere else.

What the platform owes a seller, held or not, is the balance of the accounts ``held`` and
``seller`` of what was paid to them. It grows by sales less their fees, and shrinks by refunds less
the fees given back, and by payouts. Months are those of UTC. Cash passes through nobody's hands
here; it is counted beside.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Func, Q, QuerySet, Sum, Value
from django.db.models.fields import TextField

from accounts.models import User
from bookings.choices import LedgerAccount, SaleMethod
from bookings.models import LedgerEntry, Transaction
from bookings.services.exports import BYTE_ORDER_MARK, cell
from bookings.services.ledger import CHARGE
from bookings.services.sale_ledger import PAYOUT, PAYOUT_BACK, REVERSAL
from config.shared.clock import database_now

REFUND = "refund"
NOTHING = Decimal(0)
ROWS_AT_ONCE = 2000
_A = LedgerAccount
OWED = (_A.HELD, _A.SELLER)
HEADINGS = ("at", "kind", "sale", "product", "amount", "fee", "balance_change", "currency")
# What a line is called, and by which account its gross amount is told.
KINDS = {
    CHARGE: ("sale", _A.CUSTOMER, 1),
    REFUND: ("refund", _A.REFUND, 1),
    PAYOUT: ("payout", _A.SELLER, -1),
    PAYOUT_BACK: ("payout_returned", _A.SELLER, -1),
    REVERSAL: ("payout_returned", _A.SELLER, -1),
}


@dataclass(slots=True)
class Account:
    """One currency in one month: what came, what went, and what is owed before and after."""

    currency: str
    opening: Decimal = NOTHING
    sales: Decimal = NOTHING
    sales_count: int = 0
    fees: Decimal = NOTHING
    refunds: Decimal = NOTHING
    fees_returned: Decimal = NOTHING
    payouts: Decimal = NOTHING
    payouts_returned: Decimal = NOTHING
    closing: Decimal = NOTHING
    closing_held: Decimal = NOTHING
    closing_due: Decimal = NOTHING
    cash_sales: Decimal = NOTHING
    cash_sales_count: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """A seller's month, by currency."""

    year: int
    month: int
    accounts: list[Account] = field(default_factory=list)


def statement_of(*, seller: User, year: int, month: int) -> Statement:
    """The statement of ``seller`` for one month, in three queries however much was sold."""
    begin, end = _bounds(year, month)
    accounts: dict[str, Account] = {}

    def account(currency: str) -> Account:
        return accounts.setdefault(currency, Account(currency))

    entries = _entries(seller).filter(at__lt=end)
    by_kind = entries.values("currency", "kind", "account").annotate(
        before=Sum("amount", filter=Q(at__lt=begin), default=NOTHING),
        within=Sum("amount", filter=Q(at__gte=begin), default=NOTHING),
        count=Count("payment", filter=Q(at__gte=begin), distinct=True),
    )
    for row in by_kind.order_by("currency", "kind", "account"):
        _count(account(row["currency"]), row)
    for row in _cash(seller, begin, end):
        found = account(row["currency"])
        found.cash_sales, found.cash_sales_count = row["sum"], row["count"]
    return Statement(year, month, [accounts[currency] for currency in sorted(accounts)])


def statement_csv(*, seller: User, year: int, month: int) -> Iterator[bytes]:
    """The movements of one month as CSV, the oldest first, read as they are sent."""
    begin, end = _bounds(year, month)
    entries = _entries(seller).filter(at__gte=begin, at__lt=end, kind__in=KINDS)
    yield _line(HEADINGS, mark=True)
    wanted = entries.select_related("payment__transaction__product").order_by(
        "at", "payment_id", "step", "pk"
    )
    step: list[Any] = []
    for entry in wanted.iterator(chunk_size=ROWS_AT_ONCE):
        if step and (step[0].payment_id, step[0].step) != (entry.payment_id, entry.step):
            yield _movement(step)
            step = []
        step.append(entry)
    if step:
        yield _movement(step)


def present_month() -> tuple[int, int]:
    """The year and the month that it is."""
    now = database_now().astimezone(UTC)
    return now.year, now.month


def _count(account: Account, row: dict[str, Any]) -> None:
    kind, within = row["kind"], row["within"]
    if row["account"] in OWED:
        account.opening -= row["before"]
        account.closing -= row["before"] + within
        held = row["account"] == _A.HELD
        name = "closing_held" if held else "closing_due"
        setattr(account, name, getattr(account, name) - row["before"] - within)
    if (kind, row["account"]) == (CHARGE, _A.CUSTOMER):
        account.sales += within
        account.sales_count += row["count"]
    elif (kind, row["account"]) == (REFUND, _A.REFUND):
        account.refunds -= within
    elif row["account"] == _A.PLATFORM_FEE:
        name = "fees" if kind == CHARGE else "fees_returned"
        setattr(account, name, getattr(account, name) + (-within if kind == CHARGE else within))
    elif (kind, row["account"]) == (PAYOUT, _A.SELLER):
        account.payouts += within
    elif kind in {PAYOUT_BACK, REVERSAL} and row["account"] == _A.SELLER:
        account.payouts_returned -= within


def _movement(step: list[Any]) -> bytes:
    """One step of the ledger as a line; the change is that of what is owed to the seller."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in step:
        sums[entry.account] += entry.amount
    first, sale = step[0], step[0].payment.transaction
    name, gross, sign = KINDS[first.kind]
    change = -sum((sums[account] for account in OWED), NOTHING)
    values = (
        (first.at, False),
        (name, False),
        (sale.reference, False),
        (sale.product.title, False),
        (sums[gross] * sign, True),
        (sums[_A.PLATFORM_FEE], True),
        (change, True),
        (first.currency, False),
    )
    return _line([cell(value, is_amount, first.currency) for value, is_amount in values])


def _line(values: Any, *, mark: bool = False) -> bytes:
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK if mark else "")
    csv.writer(buffer).writerow(values)
    return buffer.getvalue().encode()


def _entries(seller: User) -> QuerySet[Any]:
    """The ledger of what was paid to ``seller`` for things, each entry with its ``kind``."""
    kind = Func(F("step"), Value(":"), Value(1), function="SPLIT_PART", output_field=TextField())
    found = LedgerEntry.objects.filter(
        payment__payee_user=seller, payment__transaction__isnull=False
    )
    return found.annotate(kind=kind)


def _cash(seller: User, begin: datetime, end: datetime) -> Any:
    found = Transaction.objects.filter(
        seller=seller,
        payment_method=SaleMethod.CASH,
        completed_at__gte=begin,
        completed_at__lt=end,
    )
    sums = found.order_by().values("currency").annotate(sum=Sum("amount"), count=Count("pk"))
    return sums.order_by("currency")


def _bounds(year: int, month: int) -> tuple[datetime, datetime]:
    begin = datetime(year, month, 1, tzinfo=UTC)
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return begin, datetime(*following, 1, tzinfo=UTC)
