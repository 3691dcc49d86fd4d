"""The receipt of a payment, as a PDF."""

from dataclasses import dataclass
from typing import Any

from bookings.choices import GatewayName, RefundStatus
from bookings.models import Payment
from bookings.payment_exceptions import NotReceivedError
from bookings.services.documents import Document, day_of, issuer_of, render
from bookings.services.payment_notices import money_text
from bookings.services.subjects import instalment_of, sale_of


def receipt_of(*, payment: Payment) -> Document:
    """The receipt of money that arrived; raises ``NotReceivedError`` before that."""
    if payment.completed_at is None:
        raise NotReceivedError
    subject = _of_sale(payment) if payment.transaction_id is not None else _of_home(payment)
    zone = subject.zone
    day = day_of(payment.completed_at, zone)
    given = payment.refunds.filter(status=RefundStatus.COMPLETED).order_by("completed_at", "pk")
    data = {
        "issuer": subject.issuer,
        "subtitle": f"{payment.receipt_no} · {day}",
        "footer": f"{payment.receipt_no}, made by Courtyard for {subject.payee}",
        "is_test": payment.gateway == GatewayName.TEST,
        "number": payment.receipt_no,
        "amount": money_text(payment.amount, payment.currency),
        "payment": [
            ["Received from", payment.payer.full_name],
            ["On", day],
            ["By", _way_of(payment)],
            ["Reference", payment.reference],
        ],
        "subject": subject.rows,
        "refunds": [
            [
                refund.reference,
                day_of(refund.completed_at, zone) if refund.completed_at else "",
                money_text(refund.amount, refund.currency),
            ]
            for refund in given
        ],
    }
    content = render(template="receipt", data=data, at=payment.completed_at)
    return Document(f"{payment.receipt_no}.pdf", content)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What was paid for, and who gives the receipt for it."""

    issuer: dict[str, Any]
    payee: str
    zone: str
    rows: list[list[str]]


def _of_home(payment: Payment) -> _Subject:
    instalment = instalment_of(payment)
    booking = instalment.booking
    return _Subject(
        issuer=issuer_of(booking.builder),
        payee=booking.builder.name,
        zone=booking.development.time_zone,
        rows=[
            ["Development", f"{booking.development.name}, {booking.development.city}"],
            ["Unit", str(booking.unit)],
            ["Booking", booking.reference],
            ["Instalment", instalment.label],
        ],
    )


def _of_sale(payment: Payment) -> _Subject:
    """The seller is paid, by way of Courtyard; their address is nobody's business."""
    sale = sale_of(payment)
    seller = sale.seller.full_name
    return _Subject(
        issuer={"name": seller, "lines": ["Paid through Courtyard"]},
        payee=seller,
        zone="UTC",
        rows=[["Product", sale.product.title], ["Seller", seller], ["Sale", sale.reference]],
    )


def _way_of(payment: Payment) -> str:
    way = payment.get_payment_method_display()
    return f"{way} ({payment.offline_reference})" if payment.offline_reference else way
