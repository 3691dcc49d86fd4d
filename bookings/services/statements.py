"""The statement of a booking's account, as a PDF."""

from decimal import Decimal
from typing import Any

from bookings.choices import GatewayName, RefundStatus
from bookings.models import Booking, Instalment, Payment, Refund
from bookings.services.documents import Document, day_of, issuer_of, render
from bookings.services.payment_notices import money_text
from config.shared.clock import database_now

NOTHING = Decimal(0)


def statement_of(*, booking: Booking) -> Document:
    """All instalments of a booking with what was paid and given back, as it is now."""
    now = database_now()
    zone = booking.development.time_zone
    instalments = list(Instalment.objects.filter(booking=booking).with_paid().order_by("order"))
    payments = list(
        Payment.objects.received()
        .filter(instalment__booking=booking)
        .select_related("instalment")
        .order_by("completed_at", "pk")
    )
    refunds = list(
        Refund.objects.filter(payment__in=payments)
        .exclude(status=RefundStatus.REJECTED)
        .select_related("payment")
        .order_by("created_at", "pk")
    )
    data = {
        "issuer": issuer_of(booking.builder),
        "subtitle": f"{booking.reference} · as of {day_of(now, zone)}",
        "footer": f"{booking.reference}, made by Courtyard for {booking.builder.name}",
        "is_test": any(payment.gateway == GatewayName.TEST for payment in payments),
        "subject": [
            ["Customer", booking.customer.full_name],
            ["Development", f"{booking.development.name}, {booking.development.city}"],
            ["Unit", str(booking.unit)],
            ["Booking", f"{booking.reference} ({booking.get_status_display()})"],
        ],
        "totals": _totals(booking, instalments),
        "instalments": [_instalment(each) for each in instalments],
        "payments": [_payment(each, zone) for each in payments],
        "refunds": [_refund(each, zone) for each in refunds],
    }
    content = render(template="statement", data=data, at=now)
    return Document(f"{booking.reference}-statement.pdf", content)


def _totals(booking: Booking, instalments: list[Any]) -> list[list[str]]:
    counting = [each for each in instalments if each.status not in {"cancelled", "waived"}]
    fees = sum((each.late_fee for each in counting), NOTHING)
    paid = sum((each.paid_amount for each in instalments), NOTHING)
    left = sum((max(each.outstanding, NOTHING) for each in counting), NOTHING)
    rows = [("Price", booking.price), ("Late fees", fees), ("Paid", paid), ("Left to pay", left)]
    return [[name, money_text(amount, booking.currency)] for name, amount in rows]


def _instalment(instalment: Any) -> list[str]:
    currency = instalment.currency
    counts = instalment.status not in {"cancelled", "waived"}
    return [
        instalment.label,
        f"{instalment.due_date:%d.%m.%Y}" if instalment.due_date else "open",
        instalment.get_status_display(),
        _figure(instalment.amount, currency),
        _figure(instalment.late_fee, currency),
        _figure(instalment.paid_amount, currency),
        _figure(max(instalment.outstanding, NOTHING) if counts else NOTHING, currency),
    ]


def _payment(payment: Payment, zone: str) -> list[str]:
    return [
        day_of(payment.completed_at, zone) if payment.completed_at else "",
        payment.receipt_no,
        payment.reference,
        payment.instalment.label if payment.instalment else "",
        payment.get_payment_method_display(),
        _figure(payment.amount, payment.currency),
    ]


def _refund(refund: Refund, zone: str) -> list[str]:
    return [
        day_of(refund.completed_at or refund.created_at, zone),
        refund.reference,
        refund.payment.reference,
        refund.get_status_display(),
        _figure(refund.amount, refund.currency),
    ]


def _figure(amount: Decimal, currency: str) -> str:
    """An amount without its currency, which stands above."""
    return money_text(amount, currency).partition(" ")[0]
