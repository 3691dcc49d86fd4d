"""Offers, reservations and reviews for tests, made by the services that make the real ones."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory

from accounts.models import User
from accounts.tests.factories.people import UserFactory
from bookings.choices import ReleaseState, TransactionOrigin, TransactionStatus
from bookings.models import Offer, Review, Transaction
from bookings.services.offers import counter_offer, make_offer
from bookings.services.product_claims import claim_product
from bookings.services.reviews import write_review
from catalog.choices import ProductStatus
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


def released(**changes: Any) -> Transaction:
    """A sale that is over, as it is once its money is the seller's."""
    sale: Transaction = ReservationFactory(**changes)
    now = database_now()
    Transaction.objects.filter(pk=sale.pk).update(
        status=TransactionStatus.COMPLETED,
        release_state=ReleaseState.RELEASED,
        completed_at=now,
        released_at=now,
    )
    Product.objects.filter(pk=sale.product_id).update(
        status=ProductStatus.SOLD, sold_at=now, claimed_until=None
    )
    sale.refresh_from_db()
    return sale


class ReviewFactory(factory.Factory):
    """What the buyer of a sale that is over says of its seller; not shown yet."""

    class Meta:
        model = Review

    transaction = factory.LazyFunction(released)
    author = factory.LazyAttribute(lambda review: review.transaction.buyer)
    rating = 5
    text = "As described"

    @classmethod
    def _create(cls, model_class: type[Review], *args: Any, **kwargs: Any) -> Review:
        return write_review(**kwargs)


def shown(*reviews: Review) -> None:
    """Let the time of ``reviews`` have come, as if it had passed."""
    keys = [review.pk for review in reviews]
    Review.objects.filter(pk__in=keys).update(visible_from=database_now() - timedelta(minutes=1))


def lapse_reservation(*sales: Transaction) -> None:
    """Let the time of ``sales`` be over, as if it had passed; no job notices."""
    now = database_now()
    for sale in sales:
        Transaction.objects.filter(pk=sale.pk).update(reserved_until=now)
        Product.objects.filter(pk=sale.product_id).update(claimed_until=now)
