"""References and receipt numbers of the demo, taken from where the services take theirs.

What an earlier run has numbered keeps its number.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connections

from bookings.models import Payment
from bookings.services.references import BOOKING, CHANGE_REQUEST, PAYMENT, REFUND, TRANSACTION

__all__ = [
    "BOOKING",
    "CHANGE_REQUEST",
    "PAYMENT",
    "REFUND",
    "TRANSACTION",
    "add_receipts",
    "add_references",
]

_NEXT_MANY = """
    INSERT INTO bookings_numberseries (name, last) VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE SET last = bookings_numberseries.last + %s
    RETURNING last
"""


def add_references(kind: tuple[str, str], rows: Sequence[Any]) -> None:
    """Give each of ``rows``, all of one model, its reference."""
    if not rows:
        return
    prefix, sequence = kind
    known = _known(rows, "reference")
    new = sorted(
        (row for row in rows if row.pk not in known), key=lambda row: (row.created_at, row.pk)
    )
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, len(new)]
        )
        numbers = [number for (number,) in cursor.fetchall()]
    for row, number in zip(new, numbers, strict=True):
        row.reference = f"{prefix}-{row.created_at.year}-{number:06d}"
    for row in rows:
        row.reference = known.get(row.pk, row.reference)


def add_receipts(rows: Sequence[Payment]) -> None:
    """Give each payment that came the next receipt number of its year, in the open transaction."""
    came = [row for row in rows if row.completed_at is not None]
    known = _known(came, "receipt_no") if came else {}
    years: defaultdict[int, list[Payment]] = defaultdict(list)
    for row in sorted(came, key=lambda row: (row.completed_at, row.pk)):
        if row.pk in known:
            row.receipt_no = known[row.pk]
        elif row.completed_at:
            years[row.completed_at.year].append(row)
    for year, new in years.items():
        with connections["default"].cursor() as cursor:
            cursor.execute(_NEXT_MANY, [f"receipts-{year}", len(new), len(new)])
            (last,) = cursor.fetchone()
        for number, row in enumerate(new, last - len(new) + 1):
            row.receipt_no = f"RC-{year}-{number:06d}"


def _known(rows: Sequence[Any], column: str) -> dict[Any, str]:
    model = type(rows[0])
    there = model._default_manager.filter(pk__in=[row.pk for row in rows])
    return dict(there.values_list("pk", column))
