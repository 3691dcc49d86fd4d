"""What lapsed of reservations and offers while nobody asked: ended and told a minute later."""

from django.db import OperationalError

from bookings.models import Transaction
from bookings.services.one_by_one import one_by_one
from bookings.services.product_claims import settle_product
from catalog.models import Product
from config.shared.clock import database_now
from config.shared.database_problems import BUSY, sqlstate
from config.shared.locks import lock
from config.shared.retries import retry_transaction

BATCH = 500


def sweep_market() -> int:
    """End every reservation whose time is over, and say how many products that was.

    Each product has a transaction of its own; one that others are deciding about at the moment is
    left to them and to the next minute. Nothing depends on it but what people are told, and when.
    """
    lapsed = Transaction.objects.lapsed().order_by().values("product")
    return one_by_one(Product.objects.filter(pk__in=lapsed).order_by("pk")[:BATCH], _settled)


def _settled(product: Product) -> bool:
    try:
        _settle(product)
    except OperationalError as error:
        if sqlstate(error) not in BUSY:
            raise
        return False
    return True


@retry_transaction
def _settle(product: Product) -> None:
    (product,) = lock(product)
    settle_product(product=product, now=database_now())
