"""Many who agree in the same moment: one does; and bargaining at random keeps its rules."""

import random
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connections

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.models import Offer, Transaction
from bookings.models.offers import LONGEST_CHAIN
from bookings.offer_exceptions import OfferOpenError
from bookings.services.market_sweeping import sweep_market
from bookings.services.offers import (
    accept_offer,
    counter_offer,
    decline_offer,
    make_offer,
    withdraw_offer,
)
from bookings.services.reservations import cancel_reservation
from bookings.tests.factories.market import OfferFactory, lapse_offer
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import (
    AlreadyClaimedError,
    DomainError,
    InvalidTransitionError,
    UnavailableError,
)
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def deadlocks():
    """How many deadlocks the database has ever broken up."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(DEADLOCKS)
        (number,) = cursor.fetchone()
    return number


def accepting(offer):
    return lambda: accept_offer(offer=Offer.objects.get(pk=offer.pk), actor=offer.seller)


@pytest.mark.capability("K10", "K11")
def test_of_two_offers_accepted_at_once_one_gets_the_product():
    product = ProductFactory()
    offers = [OfferFactory(product=product) for _ in range(2)]

    results = race(*map(accepting, offers))

    assert Counter(map(type, results)) == {Offer: 1, AlreadyClaimedError: 1}
    assert Transaction.objects.count() == 1
    assert sorted(Offer.objects.values_list("status", flat=True)) == ["accepted", "pending"]


@pytest.mark.capability("K11")
def test_one_offer_accepted_twice_at_once_is_one_sale():
    offer = OfferFactory()

    results = race(*[accepting(offer)] * 4)

    assert Counter(map(type, results)) == {Offer: 1, InvalidTransitionError: 3}
    assert Transaction.objects.count() == 1


@pytest.mark.capability("K10", "K11")
def test_ten_accepts_of_each_of_eight_products_by_fifty_clients_are_one_sale_each():
    products = [ProductFactory() for _ in range(8)]
    offers = [OfferFactory(product=product) for product in products for _ in range(10)]
    random.Random(8).shuffle(offers)
    clients = {product.pk: client_of(product.seller) for product in products}
    before = deadlocks()

    def accept(offer):
        address = f"/api/v1/offers/{offer.pk}/accept/"
        client = clients[offer.product_id]
        return client.post(address, {}, HTTP_IDEMPOTENCY_KEY=str(offer.pk)).status_code

    results = []
    for first in (0, 50):
        wave = offers[first : first + 50]
        results += race(*[lambda offer=offer: accept(offer) for offer in wave])

    assert Counter(results) == {200: 8, 409: 72}
    assert deadlocks() == before
    for product in products:
        assert Transaction.objects.live().filter(product=product).count() == 1
        assert product.offers.filter(status="accepted").count() == 1


@pytest.mark.capability("K11")
def test_one_request_sent_many_times_at_once_makes_one_offer():
    product, client = ProductFactory(), client_of(UserFactory())
    body = {"product": str(product.pk), "price": "150"}

    def ask():
        return client.post("/api/v1/offers/", body, HTTP_IDEMPOTENCY_KEY="same").json()["id"]

    answers = race(*[ask] * 6)

    assert set(answers) == {str(Offer.objects.get().pk)}


@pytest.mark.capability("K09")
def test_one_buyer_who_offers_many_times_at_once_has_one_open_offer():
    product, buyer = ProductFactory(), UserFactory()

    def offer(price):
        return make_offer(buyer=buyer, product=Product.objects.get(), price=Decimal(price))

    results = race(*[lambda price=price: offer(price) for price in range(150, 156)])

    assert Counter(map(type, results)) == {Offer: 1, OfferOpenError: 5}
    assert Offer.objects.get().product == product


@pytest.mark.capability("K08")
def test_what_is_withdrawn_and_accepted_at_once_ends_in_one_of_the_two():
    offer = OfferFactory()

    results = race(accepting(offer), lambda: withdraw_offer(offer=offer, actor=offer.buyer))

    assert sorted(type(result).__name__ for result in results) == [
        "InvalidTransitionError",
        "Offer",
    ]
    offer.refresh_from_db()
    sales = Transaction.objects.count()
    assert (offer.status, sales) in {("accepted", 1), ("withdrawn", 0)}


@pytest.mark.capability("K08")
def test_an_offer_that_expires_while_its_answer_waits_is_not_accepted():
    offer = OfferFactory()
    lapse_offer(offer)

    results = race(accepting(offer), accepting(offer), sweep_market, sweep_market)

    refused = [result for result in results if isinstance(result, InvalidTransitionError)]
    assert [error.current for error in refused] == ["expired", "expired"]
    offer.refresh_from_db()
    assert (offer.status, Transaction.objects.count()) == ("expired", 0)


@pytest.mark.capability("K08", "K09", "K10", "K11", "K12")
@pytest.mark.parametrize("seed", range(3))
def test_bargaining_at_random_keeps_every_rule(seed):
    products = [
        ProductFactory(min_offer=Decimal(60), auto_accept=Decimal(195)),
        ProductFactory(),
        ProductFactory(),
    ]
    people = [UserFactory() for _ in range(4)]
    before = deadlocks()

    def live(name):
        own = random.Random(str(name))
        return [attempt(own, people, products) for _ in range(25)]

    results = race(*[lambda place=place: live((seed, place)) for place in range(8)])

    refused = [error for answers in results for error in answers if isinstance(error, Exception)]
    assert [error for error in refused if not isinstance(error, DomainError)] == []
    assert [error for error in refused if isinstance(error, UnavailableError)] == []
    assert deadlocks() == before
    assert Offer.objects.exists()
    for product in products:
        check(product, people)


def attempt(chance, people, products):
    """What somebody does next: the offer it gave, or the refusal."""
    product = Product.objects.get(pk=chance.choice(products).pk)
    buyer = chance.choice(people)
    offer = Offer.objects.filter(product=product, buyer=buyer).order_by("-created_at").first()
    sale = Transaction.objects.filter(product=product, status="pending").first()
    price = Decimal(chance.randrange(50, 205))
    acts = [lambda: make_offer(buyer=buyer, product=product, price=price)]
    if offer is not None:
        other = offer.seller if offer.proposer_id == offer.buyer_id else offer.buyer
        acts += [
            *[lambda: counter_offer(offer=offer, actor=other, price=price)] * 4,
            lambda: decline_offer(offer=offer, actor=other),
            lambda: withdraw_offer(offer=offer, actor=offer.proposer),
            lambda: accept_offer(offer=offer, actor=other),
            lambda: lapse_offer(offer),
        ]
    if sale is not None:
        acts += [lambda: cancel_reservation(transaction=sale, actor=sale.buyer)] * 4
    try:
        return chance.choice(acts)()
    except Exception as error:  # noqa: BLE001 the test looks at it
        return error


def check(product, people):
    """Every rule about what was ever said about ``product``, whoever said it when."""
    assert Transaction.objects.live().filter(product=product).count() <= 1
    product.refresh_from_db()
    live = Transaction.objects.live().filter(product=product).first()
    assert product.status == ("active" if live is None else "reserved")
    for buyer in people:
        moves = list(Offer.objects.filter(product=product, buyer=buyer).order_by("created_at"))
        assert sum(move.status == "pending" for move in moves) <= 1
        bids = [move.offered_price for move in moves if move.proposer_id == buyer.pk]
        asks = [move.offered_price for move in moves if move.proposer_id != buyer.pk]
        assert bids == sorted(bids)
        assert asks == sorted(asks, reverse=True)
        assert all(0 < move.offered_price <= 200 for move in moves)
        assert all(move.move_number <= LONGEST_CHAIN for move in moves)
        for move in moves:
            parent = move.parent
            assert parent is None or parent.proposer_id != move.proposer_id
            assert parent is None or parent.counter_price == move.offered_price
