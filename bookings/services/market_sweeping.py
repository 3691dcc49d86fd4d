"""What lapsed of reservations and offers while nobody asked: ended and told a minute later."""

from django.db import OperationalError
from django.db.models import Q

from bookings.models import Offer, Transaction
from bookings.services.offer_turns import expire_lapsed
from bookings.services.one_by_one import one_by_one
from bookings.services.product_claims import settle_product
from catalog.models import Product
from config.shared.clock import database_now
from config.shared.database_problems import BUSY, sqlstate
from config.shared.locks import lock
from config.shared.retries import retry_transaction

BATCH = 500


def sweep_market() -> int:
    """End every reservation and offer whose time is over; says for how many products.

    Each product has a transaction of its own; one that others are deciding about at the moment is
    left to them and to the next minute. Nothing depends on it but what people are told, and when.
    """
    reserved = Transaction.objects.lapsed().order_by().values("product")
    offered = Offer.objects.lapsed().order_by().values("product")
    due = Product.objects.filter(Q(pk__in=reserved) | Q(pk__in=offered))
    return one_by_one(due.order_by("pk")[:BATCH], _settled)


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
    now = database_now()
    settle_product(product=product, now=now)
    expire_lapsed(product=product, now=now)
