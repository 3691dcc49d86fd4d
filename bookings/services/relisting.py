"""Offering a thing again whose sale was given back in full."""

from accounts.models import User
from bookings.models import Transaction
from bookings.sale_exceptions import NotSellerError
from catalog.choices import ProductStatus
from catalog.flows import PRODUCT_FLOW
from catalog.models import Product
from catalog.services.product_moves import require_resident
from config.shared.clock import database_now
from config.shared.errors import InvalidTransitionError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction


@retry_transaction
def relist_product(*, product: Product, actor: User) -> Product:
    """Offer a sold product again, as its seller, once nobody has bought it any more.

    Raises ``NotSellerError``, ``InvalidTransitionError`` for what is not sold, or whose sale
    stands, and ``NotResidentError`` in the feed of a building that the seller has left.
    """
    (product,) = lock(product)
    if product.seller_id != actor.pk:
        raise NotSellerError
    stands = Transaction.objects.live().filter(product=product).exists()
    if product.status != ProductStatus.SOLD or stands:
        raise InvalidTransitionError(product.status, (), "Its sale was not given back in full.")
    require_resident(product)
    move(
        product,
        ProductStatus.ACTIVE,
        flow=PRODUCT_FLOW,
        actor=actor,
        sold_at=None,
        published_at=database_now(),
    )
    return product
