"""Numbers for people: references of things on paper, and receipts without gaps."""

from django.db import connections

from config.shared.clock import database_now

# Prefix, and the sequence that counts.
BOOKING = ("BK", "bookings_booking_reference")
PAYMENT = ("PY", "bookings_payment_reference")
REFUND = ("RF", "bookings_refund_reference")
CHANGE_REQUEST = ("CR", "bookings_changerequest_reference")
TRANSACTION = ("SL", "bookings_transaction_reference")

_NEXT_IN_SERIES = """
    INSERT INTO bookings_numberseries (name, last) VALUES (%s, 1)
    ON CONFLICT (name) DO UPDATE SET last = bookings_numberseries.last + 1
    RETURNING last
"""


def next_reference(kind: tuple[str, str]) -> str:
    """A reference nobody has, such as ``BK-2026-000123``; numbers may be left out."""
    prefix, sequence = kind
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [sequence])
        (number,) = cursor.fetchone()
    return f"{prefix}-{database_now().year}-{number:06d}"


def next_receipt_number() -> str:
    """The next number of this year's receipts, without gaps (``RC-2026-000123``).

    The series is locked until the open transaction ends: ask for it last.
    """
    year = database_now().year
    with connections["default"].cursor() as cursor:
        cursor.execute(_NEXT_IN_SERIES, [f"receipts-{year}"])
        (number,) = cursor.fetchone()
    return f"RC-{year}-{number:06d}"
