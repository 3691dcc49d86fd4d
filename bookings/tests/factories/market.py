"""Offers and reservations for tests, made by the services that make the real ones."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory

from accounts.models import User
from accounts.tests.factories.people import UserFactory
from bookings.choices import TransactionOrigin
from bookings.models import Offer, Transaction
from bookings.services.offers import counter_offer, make_offer
from bookings.services.product_claims import claim_product
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory
from config.shared.clock import database_now
from config.shared.locks import lock
from config.shared.retries import retry_transaction


class OfferFactory(factory.Factory):
    """An open offer of 150 by a buyer of its own for a product of 200."""

    class Meta:
        model = Offer

    product = factory.SubFactory(ProductFactory)
    buyer = factory.SubFactory(UserFactory)
    price = Decimal(150)

    @classmethod
    def _create(cls, model_class: type[Offer], *args: Any, **kwargs: Any) -> Offer:
        return make_offer(**kwargs)


def countered(offer: Offer, price: Decimal | int) -> Offer:
    """The answer of the other side to ``offer``: another price."""
    actor = offer.seller if offer.proposer_id == offer.buyer_id else offer.buyer
    return counter_offer(offer=offer, actor=actor, price=Decimal(price))


def lapse_offer(*offers: Offer) -> None:
    """Let the time of ``offers`` be over, as if it had passed; no job notices."""
    keys = [offer.pk for offer in offers]
    Offer.objects.filter(pk__in=keys).update(expires_at=database_now())


class ReservationFactory(factory.Factory):
    """A product that is reserved for a buyer of its own, for a day and at its price."""

    class Meta:
        model = Transaction

    product = factory.SubFactory(ProductFactory)
    buyer = factory.SubFactory(UserFactory)
    amount = factory.LazyAttribute(lambda sale: sale.product.price)
    origin = TransactionOrigin.CHECKOUT

    @classmethod
    def _create(cls, model_class: type[Transaction], *args: Any, **kwargs: Any) -> Transaction:
        return reserved(**kwargs)


@retry_transaction
def reserved(
    product: Product, buyer: User, amount: Decimal = Decimal(200), **changes: Any
) -> Transaction:
    """``product`` reserved for ``buyer``; the instance that was given is as it is then."""
    (fresh,) = lock(product)
    until = database_now() + timedelta(hours=24)
    changes = {"origin": TransactionOrigin.CHECKOUT, "until": until, **changes}
    made = claim_product(product=fresh, buyer=buyer, amount=amount, **changes)
    product.refresh_from_db()
    return made


def lapse_reservation(*sales: Transaction) -> None:
    """Let the time of ``sales`` be over, as if it had passed; no job notices."""
    now = database_now()
    for sale in sales:
        Transaction.objects.filter(pk=sale.pk).update(reserved_until=now)
        Product.objects.filter(pk=sale.product_id).update(claimed_until=now)
