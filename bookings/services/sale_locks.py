"""Sales are decided about under the lock of their product, as claims to it are."""

from bookings.models import Payment, Transaction
from config.shared.locks import lock
from messaging.models import Conversation


def lock_sale(*, sale: Transaction) -> Transaction:
    """``sale`` locked, after its product and the conversation of the two about that."""
    product, *_, sale = lock(sale.product, *_talk(sale), sale)
    sale.product = product
    return sale


def lock_sale_payment(*, payment: Payment) -> Payment:
    """``payment`` locked, after its product, their conversation and the sale it pays for."""
    sale = Transaction.objects.select_related("product").get(payments=payment)
    product, *_, sale, payment = lock(sale.product, *_talk(sale), sale, payment)
    sale.product, payment.transaction = product, sale
    return payment


def _talk(sale: Transaction) -> list[Conversation]:
    """The conversation of buyer and seller about the product, if they have one."""
    return list(Conversation.objects.filter(product=sale.product_id, buyer=sale.buyer_id))
