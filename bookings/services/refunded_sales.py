"""What a refund does to the sale that it belongs to, and what a dispute forbids it."""

from django.db.models import Sum

from bookings.choices import RefundStatus, ReleaseState, TransactionStatus
from bookings.models import Payment, Refund
from bookings.sale_exceptions import SaleDisputedError
from bookings.services.sale_locks import lock_sale_payment
from bookings.services.sale_notices import say, tell_of_refund
from bookings.services.sale_states import paying, shift
from bookings.services.subjects import booking_of, sale_of
from config.shared.locks import lock

NOT_OWED = (RefundStatus.REQUESTED, RefundStatus.REJECTED)
PAID = (TransactionStatus.COMPLETED, TransactionStatus.DISPUTED)


def lock_for_refund(payment: Payment, *, disputed: bool = False) -> Payment:
    """``payment`` locked after what it was paid for: its booking, or its product and sale.

    Raises ``SaleDisputedError`` for a sale that waits for a decision, unless ``disputed`` is fine.
    """
    if payment.transaction_id is None:
        _, payment = lock(booking_of(payment), payment)
        return payment
    payment = lock_sale_payment(payment=payment)
    sale = sale_of(payment)
    if sale.status == TransactionStatus.DISPUTED and not disputed:
        raise SaleDisputedError(sale.status, ())
    return payment


def note_owed(*, refund: Refund) -> None:
    """Once all that was paid for a sale is owed back, the sale is over; all of it is locked."""
    payment = refund.payment
    if payment.transaction_id is None:
        return
    sale = sale_of(payment)
    if sale.status not in PAID or paying(sale) != payment:
        return
    tell_of_refund(sale, refund)
    if _owed_back(payment) == payment.amount:
        shift(
            sale,
            actor=refund.requested_by,
            status=TransactionStatus.REFUNDED,
            release=ReleaseState.RETURNED,
            handover_code_hash="",
        )
        say(sale, "sale_refunded")


def _owed_back(payment: Payment) -> object:
    """What of ``payment`` goes back for certain, or has gone back."""
    found = Refund.objects.filter(payment=payment).exclude(status__in=NOT_OWED)
    return found.aggregate(sum=Sum("amount"))["sum"]
