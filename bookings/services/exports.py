"""Bookings, instalments and payments as files for spreadsheets, within one's own scope.

A customer takes away what is theirs, a builder's team what concerns its builder, and staff with
the permission to export everything. What is taken away is written down before the first row.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db.models import Model, Q, QuerySet

from accounts.models import User
from bookings.models import Booking, Instalment, Payment
from bookings.plan_exceptions import TooManyRowsError
from bookings.querysets.homes import is_staff_with, led_builders, of_either
from config.shared import audit
from config.shared.admin_exports import MOST_ROWS, harmless
from config.shared.clock import database_now
from config.shared.money import written
from config.shared.retries import retry_transaction

PIECE_BYTES = 64 * 1024
ROWS_AT_ONCE = 2000
IN_MEMORY_BYTES = 5 * 1024 * 1024
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Export:
    """What a list looks like as a file: headings with the columns behind them."""

    name: str
    model: type[Model]
    columns: Mapping[str, str]
    amounts: frozenset[str]

    @property
    def permission(self) -> str:
        """What staff need to take everything away."""
        return f"bookings.export_{self.model._meta.model_name}"


BOOKINGS = Export(
    "bookings",
    Booking,
    {
        "reference": "reference",
        "development": "development__name",
        "block": "unit__block",
        "unit": "unit__number",
        "customer": "customer__full_name",
        "status": "live_status",
        "price": "price",
        "deposit": "deposit_amount",
        "refund_due": "refund_due",
        "currency": "currency",
        "created_at": "created_at",
        "confirmed_at": "confirmed_at",
        "contracted_at": "contracted_at",
        "completed_at": "completed_at",
        "cancelled_at": "cancelled_at",
    },
    frozenset({"price", "deposit", "refund_due"}),
)
INSTALMENTS = Export(
    "instalments",
    Instalment,
    {
        "booking": "booking__reference",
        "development": "booking__development__name",
        "unit": "booking__unit__number",
        "customer": "booking__customer__full_name",
        "order": "order",
        "label": "label",
        "status": "status",
        "amount": "amount",
        "late_fee": "late_fee",
        "paid": "paid_amount",
        "outstanding": "outstanding",
        "currency": "currency",
        "due_date": "due_date",
        "due_at": "due_at",
        "paid_at": "paid_at",
    },
    frozenset({"amount", "late_fee", "paid", "outstanding"}),
)
PAYMENTS = Export(
    "payments",
    Payment,
    {
        "reference": "reference",
        "receipt": "receipt_no",
        "booking": "booking__reference",
        "development": "booking__development__name",
        "instalment": "instalment__label",
        "sale": "transaction__reference",
        "product": "transaction__product__title",
        "payer": "payer__full_name",
        "purpose": "purpose",
        "method": "payment_method",
        "status": "status",
        "amount": "amount",
        "refunded": "refunded_amount",
        "currency": "currency",
        "created_at": "created_at",
        "completed_at": "completed_at",
    },
    frozenset({"amount", "refunded"}),
)


def exportable(*, export: Export, user: User) -> QuerySet[Any]:
    """The rows of ``export`` that ``user`` may take away; seeing them is not enough for staff."""
    if export.model is Payment:
        rows: Any = Payment.objects.all()
        scope: tuple[Q, ...] = (
            Q(payer=user),
            Q(payee_user=user),
            Q(payee_organization__in=led_builders(user)),
        )
    elif export.model is Instalment:
        rows = Instalment.objects.with_paid()
        owed = of_either(Booking.objects.order_by(), *_parties(user)).values("pk")
        scope = (Q(booking__in=owed),)
    else:
        rows = Booking.objects.with_live_status()
        scope = _parties(user)
    if is_staff_with(user, export.permission):
        return rows
    return of_either(rows, *scope) if len(scope) > 1 else rows.filter(*scope)


@retry_transaction
def begin_export(
    *, export: Export, rows: QuerySet[Any], user: User, kind: str, filters: Iterable[str]
) -> int:
    """Write down that ``user`` takes ``rows`` away, before the first is read; how many there are.

    Raises ``TooManyRowsError`` for more rows than an XLSX file may have here.
    """
    counted = rows.order_by()
    count = counted.count() if kind == "csv" else counted[: MOST_ROWS + 1].count()
    if kind != "csv" and count > MOST_ROWS:
        raise TooManyRowsError(
            f"More than {MOST_ROWS:,} rows: narrow the list with filters, or take it as CSV."
        )
    audit.record(
        f"{export.model._meta.label_lower}.list_exported",
        target=user,
        actor=user,
        after={"rows": count, "format": kind, "filters": sorted(filters)},
    )
    return count


def file_name(*, export: Export, kind: str) -> str:
    """What the file is called: ``bookings-2026-11-28.csv``."""
    return f"{export.name}-{database_now():%Y-%m-%d}.{kind}"


def csv_pieces(*, export: Export, rows: QuerySet[Any]) -> Iterator[bytes]:
    """The list as CSV (RFC 4180, UTF-8 with a mark), in pieces, read as they are sent."""
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer)
    for row in _lines(export, rows):
        writer.writerow(row)
        if buffer.tell() >= PIECE_BYTES:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_pieces(*, export: Export, rows: QuerySet[Any]) -> Iterator[bytes]:
    """The list as a workbook, made in a temporary file and sent from there in pieces."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(export.name)
    for row in _lines(export, rows):
        sheet.append(row)
    with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE_BYTES):
            yield piece


def _lines(export: Export, rows: QuerySet[Any]) -> Iterator[Sequence[Any]]:
    headings = list(export.columns)
    currency = headings.index("currency")
    yield headings
    for values in rows.values_list(*export.columns.values()).iterator(chunk_size=ROWS_AT_ONCE):
        yield [
            cell(value, heading in export.amounts, values[currency])
            for heading, value in zip(headings, values, strict=True)
        ]


def cell(value: Any, is_amount: bool, currency: str) -> Any:
    """``value`` as it stands in a file: amounts and times in one way, and nothing a formula."""
    if is_amount and isinstance(value, Decimal):
        return written(value, currency)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        text = _plain(value)
        # Blanks before a formula do not make it text everywhere.
        return text if harmless(text.lstrip()) == text.lstrip() else f"'{text}"
    return "" if value is None else value


def _plain(text: str) -> str:
    """Without control characters, which a workbook cannot hold and a table has no use for."""
    return "".join(sign if sign.isprintable() or sign in "\u200c\u200d" else " " for sign in text)


def _parties(user: User) -> tuple[Q, Q]:
    return Q(customer=user), Q(builder__in=led_builders(user))
