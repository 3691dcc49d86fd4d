"""Giving back what was paid for a product, as its seller or as staff."""

from decimal import Decimal

from accounts.models import User
from bookings.choices import TransactionStatus
from bookings.models import Refund, Transaction
from bookings.payment_exceptions import NotReceivedError
from bookings.sale_exceptions import SaleDisputedError
from bookings.services.refunds import refundable, request_refund
from bookings.services.sale_states import paying


def refund_sale(
    *,
    sale: Transaction,
    actor: User,
    reason: str,
    amount: Decimal | None = None,
    note: str = "",
) -> Refund:
    """Give ``amount``, or all that is left, of a sale back. The fee goes back in proportion.

    For the seller, and for staff who may; not while it is disputed. Above the limit it waits for
    a second person. Raises ``SaleDisputedError``, ``NotReceivedError`` for what is not paid
    through a gateway, and what ``request_refund`` raises.
    """
    if sale.status == TransactionStatus.DISPUTED:
        raise SaleDisputedError(sale.status, ())
    payment = paying(sale)
    if payment is None:
        raise NotReceivedError
    wanted = refundable(payment) if amount is None else amount
    return request_refund(payment=payment, amount=wanted, reason=reason, actor=actor, note=note)
