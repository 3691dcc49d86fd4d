"""What may be offered: bounds, turns, limits, and the seller's secret thresholds."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.exceptions import NotYourselfError
from accounts.services.connections import block_user
from accounts.services.settings import change_setting
from accounts.tests.factories.people import UserFactory
from bookings.models import Offer, Transaction
from bookings.offer_exceptions import (
    AcceptInsteadError,
    ChainOverError,
    CurrencyChangedError,
    OfferLimitError,
    OfferOpenError,
    PhoneRequiredError,
)
from bookings.product_exceptions import ProductUnavailableError
from bookings.services.offers import (
    accept_offer,
    decline_offer,
    make_offer,
    withdraw_offer,
)
from bookings.tests.factories.market import (
    OfferFactory,
    ReservationFactory,
    countered,
)
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory
from config.shared.clock import database_now
from config.shared.errors import (
    InvalidInputError,
    MissingError,
)
from messaging.models import Conversation, Message, Notification

pytestmark = pytest.mark.django_db


def states():
    return list(Offer.objects.order_by("created_at", "pk").values_list("status", flat=True))


def told(person):
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("type", flat=1))


def code_of(refused):
    return refused.value.errors[0].code


@pytest.mark.capability("K09")
def test_bids_only_rise_and_asks_only_fall():
    ask = countered(OfferFactory(), 190)
    with pytest.raises(InvalidInputError) as low:
        countered(ask, 149)
    bid = countered(ask, 150)
    with pytest.raises(InvalidInputError) as high:
        countered(bid, Decimal("190.01"))
    with pytest.raises(InvalidInputError) as beyond:
        make_offer(buyer=UserFactory(), product=bid.product, price=Decimal(201))

    codes = [code_of(low), code_of(high), code_of(beyond)]
    assert codes == ["bid_below_last", "ask_above_last", "above_price"]
    assert Offer.objects.count() == 3


@pytest.mark.capability("K09")
def test_what_was_declined_or_withdrawn_counts_as_well():
    offer = OfferFactory()
    withdraw_offer(offer=offer, actor=offer.buyer)

    with pytest.raises(InvalidInputError) as refused:
        make_offer(buyer=offer.buyer, product=offer.product, price=Decimal(149))
    again = make_offer(buyer=offer.buyer, product=offer.product, price=Decimal(150))

    assert (code_of(refused), again.move_number) == ("bid_below_last", 1)


@pytest.mark.capability("K09")
def test_a_price_that_came_down_is_never_out_of_reach():
    offer = OfferFactory()
    decline_offer(offer=offer, actor=offer.seller)
    Product.objects.update(price=Decimal(100))

    again = make_offer(buyer=offer.buyer, product=offer.product, price=Decimal(100))

    assert (again.status, again.original_price) == ("pending", 100)


@pytest.mark.capability("K09")
def test_a_price_that_meets_the_other_side_is_to_be_accepted():
    offer = OfferFactory()
    with pytest.raises(AcceptInsteadError) as crossing:
        countered(offer, 150)
    ask = countered(offer, 190)
    with pytest.raises(AcceptInsteadError):
        countered(ask, 195)

    assert crossing.value.extra == {"offer": str(offer.pk)}
    assert states() == ["countered", "pending"]
    assert accept_offer(offer=ask, actor=ask.buyer).transaction.amount == 190


@pytest.mark.capability("K09")
def test_after_ten_moves_it_is_over():
    offer = OfferFactory(price=Decimal(100))
    for place in range(9):
        offer = countered(offer, 100 + place if place % 2 else 200 - place)

    with pytest.raises(ChainOverError):
        countered(offer, 150)

    assert (offer.move_number, Offer.objects.count()) == (10, 10)
    assert accept_offer(offer=offer, actor=offer.buyer).status == "accepted"


@pytest.mark.capability("K09")
def test_there_is_one_open_offer_and_the_database_says_so_too():
    offer = OfferFactory()

    with pytest.raises(OfferOpenError) as refused:
        make_offer(buyer=offer.buyer, product=offer.product, price=Decimal(170))
    offer.pk, offer._state.adding = None, True
    with pytest.raises(IntegrityError, match="bookings_offer_one_live"), transaction.atomic():
        offer.save(force_insert=True)

    assert refused.value.extra["offer"] == str(Offer.objects.get().pk)


def test_who_may_not_offer_changes_nothing():
    product = ProductFactory()
    blocked, unproved = UserFactory(), UserFactory(phone_verified=False, with_email=True)
    block_user(blocker=product.seller, blocked=blocked)
    draft = ProductFactory(draft=True)

    for buyer, wanted, error in (
        (product.seller, product, NotYourselfError),
        (unproved, product, PhoneRequiredError),
        (blocked, product, MissingError),
        (UserFactory(), draft, MissingError),
    ):
        with pytest.raises(error):
            make_offer(buyer=buyer, product=wanted, price=Decimal(100))

    assert not Offer.objects.exists()
    assert not Conversation.objects.exists()


@pytest.mark.capability("K07")
def test_nobody_offers_for_what_is_reserved():
    sale = ReservationFactory()

    with pytest.raises(ProductUnavailableError) as refused:
        make_offer(buyer=UserFactory(), product=sale.product, price=Decimal(100))

    assert refused.value.current == "reserved"
    assert refused.value.allowed == ["active", "removed", "sold"]
    assert refused.value.extra["free_at"] == sale.reserved_until


@pytest.mark.capability("K12")
def test_thresholds_decide_at_once_and_look_like_the_seller():
    product = ProductFactory(min_offer=Decimal(120), auto_accept=Decimal(180))
    low, high, middle = UserFactory(), UserFactory(), UserFactory()

    declined = make_offer(buyer=low, product=product, price=Decimal("119.99"))
    waiting = make_offer(buyer=middle, product=product, price=Decimal(120))
    accepted = make_offer(buyer=high, product=product, price=Decimal(180))

    assert (declined.status, waiting.status, accepted.status) == (
        "declined",
        "pending",
        "accepted",
    )
    assert [row.decided_by_rule for row in (declined, waiting, accepted)] == [True, False, True]
    assert Transaction.objects.get().buyer == high
    assert (told(low), told(middle), told(high)) == (["offer_declined"], [], ["offer_accepted"])
    assert told(product.seller) == ["offer_received", "offer_accepted"]
    answers = Message.objects.filter(offer_id=declined.pk).order_by("seq")
    assert [row.sender for row in answers] == [low, product.seller]
    by_hand = OfferFactory()
    decline_offer(offer=by_hand, actor=by_hand.seller)
    ordinary = Message.objects.filter(offer_id=by_hand.pk).order_by("seq").last()
    assert answers.last().offer_data.keys() == ordinary.offer_data.keys()
    assert "120" not in str(answers.last().offer_data)


@pytest.mark.capability("K12")
def test_a_bid_that_answers_an_ask_meets_the_thresholds_too():
    product = ProductFactory(auto_accept=Decimal(170))
    ask = countered(OfferFactory(product=product), 190)

    assert countered(ask, 170).status == "accepted"


@pytest.mark.capability("K12")
def test_thresholds_cannot_be_searched_for():
    product, buyer = ProductFactory(min_offer=Decimal(150)), UserFactory()
    change_setting(key="offers_per_day", value=3, actor=None)

    for price in (100, 110, 120):
        make_offer(buyer=buyer, product=product, price=Decimal(price))
    with pytest.raises(OfferLimitError) as refused:
        make_offer(buyer=buyer, product=product, price=Decimal(130))

    assert 86_000 < refused.value.retry_after <= 86_400
    first = Offer.objects.order_by("created_at").first()
    Offer.objects.filter(pk=first.pk).update(created_at=database_now() - timedelta(days=1))
    with pytest.raises(InvalidInputError) as lower:
        make_offer(buyer=buyer, product=product, price=Decimal(119))
    assert code_of(lower) == "bid_below_last"
    assert make_offer(buyer=buyer, product=product, price=Decimal(130)).status == "declined"
    assert make_offer(buyer=UserFactory(), product=product, price=Decimal(160)).status == "pending"


@pytest.mark.capability("K09")
def test_what_was_said_in_another_currency_binds_nobody():
    offer = OfferFactory()
    Product.objects.update(currency="USD", price=Decimal(60))

    for act in (
        lambda: accept_offer(offer=offer, actor=offer.seller),
        lambda: countered(offer, 55),
    ):
        with pytest.raises(CurrencyChangedError):
            act()
    decline_offer(offer=offer, actor=offer.seller)
    again = make_offer(buyer=offer.buyer, product=offer.product, price=Decimal(50))

    assert (again.currency, again.status, Transaction.objects.count()) == ("USD", "pending", 0)
