"""Reservations: kept by the seller, given up by either side, ended with the product."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.exceptions import NotYourselfError
from accounts.services.connections import block_user
from accounts.tests.factories.people import UserFactory
from bookings.models import ClaimLog, Offer, Transaction
from bookings.offer_exceptions import NoContactError
from bookings.product_exceptions import ProductUnavailableError, ReservationPaidError
from bookings.services.offers import accept_offer, decline_offer
from bookings.services.product_withdrawals import withdraw_product
from bookings.services.reservations import cancel_reservation, reserve_product
from bookings.tests.factories.market import (
    OfferFactory,
    ReservationFactory,
    lapse_reservation,
)
from catalog.models import Product
from config.shared.clock import database_now
from config.shared.errors import (
    AlreadyClaimedError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
)
from config.shared.locks import lock
from messaging.conversation_exceptions import NotReachableError
from messaging.models import Notification

pytestmark = pytest.mark.django_db


def told(person):
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("type", flat=1))


def paid(sale):
    now = database_now()
    Transaction.objects.filter(pk=sale.pk).update(
        status="completed", completed_at=now, release_state="held", auto_release_at=now
    )


@pytest.mark.capability("K07", "K10")
def test_a_seller_keeps_a_product_for_whoever_made_an_offer():
    offer = OfferFactory()
    decline_offer(offer=offer, actor=offer.seller)

    sale = reserve_product(product=offer.product, actor=offer.seller, buyer=offer.buyer)

    assert (sale.origin, sale.amount, sale.offer) == ("seller", 200, None)
    assert abs(sale.reserved_until - sale.created_at - timedelta(hours=24)) < timedelta(seconds=5)
    assert told(offer.buyer) == ["offer_declined", "product_reserved"]
    assert Product.objects.get().claimed_until == sale.reserved_until


@pytest.mark.capability("K07")
def test_a_seller_keeps_it_for_nobody_else():
    offer = OfferFactory()
    product, seller = offer.product, offer.seller
    asked = OfferFactory(product=product).buyer
    block_user(blocker=asked, blocked=seller)

    for actor, buyer, error in (
        (offer.buyer, offer.buyer, NotAllowedError),
        (seller, seller, NotYourselfError),
        (seller, UserFactory(), NoContactError),
        (seller, asked, NotReachableError),
    ):
        with pytest.raises(error):
            reserve_product(product=product, actor=actor, buyer=buyer)
    with pytest.raises(InvalidInputError):
        reserve_product(product=product, actor=seller, buyer=offer.buyer, price=Decimal(201))

    assert not Transaction.objects.exists()


@pytest.mark.capability("K11")
def test_what_is_reserved_is_not_kept_for_a_second_person():
    offer = OfferFactory()
    other = OfferFactory(product=offer.product)
    accept_offer(offer=offer, actor=offer.seller)

    with pytest.raises(AlreadyClaimedError):
        reserve_product(product=offer.product, actor=offer.seller, buyer=other.buyer)

    assert ClaimLog.objects.get(outcome="lost").who == other.buyer
    assert Transaction.objects.count() == 1


@pytest.mark.capability("K10")
@pytest.mark.parametrize(("side", "reason"), [("buyer", ""), ("seller", " It broke ")])
def test_either_side_gives_a_reservation_up_and_the_other_is_told(side, reason):
    sale = ReservationFactory()
    other = sale.seller if side == "buyer" else sale.buyer

    ended = cancel_reservation(transaction=sale, actor=getattr(sale, side), reason=reason)

    assert (ended.status, ended.ended_reason) == ("failed", reason.strip())
    assert Product.objects.get().status == "active"
    assert told(other) == ["reservation_cancelled"]
    assert told(getattr(sale, side)) == []
    with pytest.raises(InvalidTransitionError) as again:
        cancel_reservation(transaction=ended, actor=sale.buyer)
    assert again.value.current == "failed"


@pytest.mark.capability("K10")
def test_who_may_not_give_it_up_changes_nothing():
    sale, bought = ReservationFactory(), ReservationFactory()
    paid(bought)

    with pytest.raises(NotAllowedError):
        cancel_reservation(transaction=sale, actor=UserFactory())
    with pytest.raises(InvalidInputError):
        cancel_reservation(transaction=sale, actor=sale.seller, reason="  ")
    with pytest.raises(ReservationPaidError) as refused:
        cancel_reservation(transaction=bought, actor=bought.buyer)

    assert (refused.value.current, refused.value.allowed) == (
        "completed",
        ["disputed", "refunded"],
    )
    sale.refresh_from_db()
    assert (sale.status, Product.objects.filter(status="reserved").count()) == ("pending", 2)


@pytest.mark.capability("K10")
def test_what_has_lapsed_cannot_be_given_up():
    sale = ReservationFactory()
    lapse_reservation(sale)

    with pytest.raises(InvalidTransitionError) as refused:
        cancel_reservation(transaction=sale, actor=sale.buyer)

    assert refused.value.current == "failed"


@pytest.mark.capability("K07")
def test_a_product_that_is_taken_away_ends_what_is_open_about_it():
    winner = OfferFactory()
    other = OfferFactory(product=winner.product)
    accept_offer(offer=winner, actor=winner.seller)

    with transaction.atomic():
        (product,) = lock(winner.product)
        withdraw_product(product=product, actor=winner.seller, now=database_now(), reason="Lost")

    assert Transaction.objects.get().status == "failed"
    assert sorted(Offer.objects.values_list("status", flat=True)) == ["accepted", "declined"]
    assert told(winner.buyer) == ["offer_accepted", "reservation_cancelled"]
    assert told(other.buyer) == ["offer_ended"]


def test_a_draft_is_not_kept_for_anybody():
    offer = OfferFactory()
    Product.objects.update(status="removed")

    with pytest.raises(ProductUnavailableError):
        reserve_product(product=offer.product, actor=offer.seller, buyer=offer.buyer)
