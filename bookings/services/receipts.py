"""The receipt of a payment, as a PDF."""

from bookings.choices import GatewayName, RefundStatus
from bookings.models import Payment
from bookings.payment_exceptions import NotReceivedError
from bookings.services.documents import Document, day_of, issuer_of, render
from bookings.services.payment_notices import money_text


def receipt_of(*, payment: Payment) -> Document:
    """The receipt of money that arrived; raises ``NotReceivedError`` before that."""
    if payment.completed_at is None or payment.instalment is None:
        raise NotReceivedError
    booking = payment.instalment.booking
    zone = booking.development.time_zone
    day = day_of(payment.completed_at, zone)
    given = payment.refunds.filter(status=RefundStatus.COMPLETED).order_by("completed_at", "pk")
    data = {
        "issuer": issuer_of(booking.builder),
        "subtitle": f"{payment.receipt_no} · {day}",
        "footer": f"{payment.receipt_no}, made by Courtyard for {booking.builder.name}",
        "is_test": payment.gateway == GatewayName.TEST,
        "number": payment.receipt_no,
        "amount": money_text(payment.amount, payment.currency),
        "payment": [
            ["Received from", payment.payer.full_name],
            ["On", day],
            ["By", _way_of(payment)],
            ["Reference", payment.reference],
        ],
        "subject": [
            ["Development", f"{booking.development.name}, {booking.development.city}"],
            ["Unit", str(booking.unit)],
            ["Booking", booking.reference],
            ["Instalment", payment.instalment.label],
        ],
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


def _way_of(payment: Payment) -> str:
    way = payment.get_payment_method_display()
    return f"{way} ({payment.offline_reference})" if payment.offline_reference else way
