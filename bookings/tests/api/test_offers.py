"""Offers in the API: making them, answering them, what is shown, and who is refused."""

from decimal import Decimal

import pytest

from accounts.services.connections import block_user
from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.models import Offer, Transaction
from bookings.tests.factories.market import (
    OfferFactory,
    ReservationFactory,
    countered,
    lapse_offer,
)
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory
from messaging.services.conversations import open_product_conversation

pytestmark = pytest.mark.django_db

LIST = "/api/v1/offers/"


def page(offer, act=""):
    return f"{LIST}{offer.pk}/{act}"


def ask(person, address, body=None, key="first"):
    return client_of(person).post(address, body or {}, HTTP_IDEMPOTENCY_KEY=key)


@pytest.mark.capability("K08")
def test_an_offer_is_made_and_shown_to_both_and_to_nobody_else():
    product, buyer = ProductFactory(), UserFactory()

    made = ask(buyer, LIST, {"product": str(product.pk), "price": "150", "message": "Today?"})

    assert made.status_code == 201
    shown = {name: made.data[name] for name in ("status", "offered_price", "original_price")}
    assert shown == {"status": "pending", "offered_price": "150.00", "original_price": "200.00"}
    assert (made.data["proposed_by"], made.data["buyer"]["id"]) == ("buyer", str(buyer.pk))
    assert (made.data["product"]["title"], made.data["currency"]) == (product.title, "AED")
    assert [move["offered_price"] for move in made.data["chain"]] == ["150.00"]
    offer = Offer.objects.get()
    assert client_of(product.seller).get(page(offer)).data["id"] == made.data["id"]
    assert client_of(UserFactory()).get(page(offer)).status_code == 404
    assert client_of(UserFactory()).get(LIST).data["results"] == []


@pytest.mark.capability("K08")
def test_a_repeated_request_makes_one_offer_and_gets_the_first_answer():
    product, buyer = ProductFactory(), UserFactory()
    body = {"product": str(product.pk), "price": "150"}

    first, again = ask(buyer, LIST, body), ask(buyer, LIST, body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["id"] == first.json()["id"]
    assert Offer.objects.count() == 1


@pytest.mark.parametrize("act", ["", "accept/", "counter/"])
def test_what_binds_needs_a_key(act):
    offer = OfferFactory()
    address = page(offer, act) if act else LIST
    body = {"product": str(offer.product_id), "price": "190"}

    answer = client_of(offer.seller).post(address, body)

    assert (answer.status_code, answer.data["code"]) == (400, "idempotency_key_required")
    assert (Offer.objects.count(), Transaction.objects.count()) == (1, 0)


@pytest.mark.capability("K10")
def test_an_accepted_offer_names_its_sale():
    offer = OfferFactory()

    answer = ask(offer.seller, page(offer, "accept/"))
    replay = ask(offer.seller, page(offer, "accept/"))
    again = ask(offer.seller, page(offer, "accept/"), key="second")

    sale = Transaction.objects.get()
    assert (answer.status_code, answer.data["status"]) == (200, "accepted")
    assert answer.data["transaction"] == str(sale.pk)
    assert replay.headers["Idempotent-Replayed"] == "true"
    assert (again.status_code, again.data["code"]) == (409, "invalid_transition")
    assert (again.data["current"], again.data["allowed"]) == ("accepted", [])


@pytest.mark.capability("K10", "K11")
def test_a_lost_accept_says_when_it_may_be_free_and_nothing_of_the_winner():
    offer = OfferFactory()
    sale = ReservationFactory(product=offer.product)

    answer = ask(offer.seller, page(offer, "accept/"))

    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "already_claimed")
    assert (said["current"], said["transaction"]) == ("reserved", None)
    assert said["free_at"].startswith(f"{sale.reserved_until:%Y-%m-%dT%H:%M:%S}")
    assert str(sale.buyer_id) not in answer.content.decode()


@pytest.mark.capability("K09")
def test_a_counter_is_a_new_offer_and_the_chain_shows_every_move():
    offer = OfferFactory()

    answer = ask(offer.seller, page(offer, "counter/"), {"price": "190", "expires_in_hours": 168})
    bid = countered(Offer.objects.get(pk=answer.data["id"]), 170)

    assert (answer.status_code, answer.data["proposed_by"]) == (201, "seller")
    assert (answer.data["parent"], answer.data["move_number"]) == (str(offer.pk), 2)
    shown = client_of(offer.buyer).get(page(offer)).data
    assert (shown["status"], shown["counter_price"]) == ("countered", "190.00")
    moves = [(move["proposed_by"], move["offered_price"]) for move in shown["chain"]]
    assert moves == [("buyer", "150.00"), ("seller", "190.00"), ("buyer", "170.00")]
    assert client_of(offer.buyer).get(page(bid)).data["chain"] == shown["chain"]


@pytest.mark.capability("K09")
@pytest.mark.parametrize(
    ("price", "status", "code"),
    [
        ("201", 400, "above_price"),
        ("0.001", 400, "amount_too_precise"),
        ("150", 409, "accept_instead"),
    ],
)
def test_a_price_out_of_bounds_is_refused(price, status, code):
    offer = OfferFactory()

    answer = ask(offer.seller, page(offer, "counter/"), {"price": price})

    said = answer.json()
    found = said["errors"][0]["code"] if status == 400 else said["code"]
    assert (answer.status_code, found) == (status, code)
    assert Offer.objects.get().status == "pending"


@pytest.mark.capability("K08")
@pytest.mark.parametrize(("act", "side"), [("decline/", "seller"), ("withdraw/", "buyer")])
def test_an_offer_is_declined_or_taken_back(act, side):
    offer = OfferFactory()
    wrong = offer.buyer if side == "seller" else offer.seller

    refused = ask(wrong, page(offer, act))
    hidden = ask(UserFactory(), page(offer, act))
    answer = ask(getattr(offer, side), page(offer, act))

    assert (refused.status_code, refused.data["code"]) == (403, "not_your_turn")
    assert hidden.status_code == 404
    assert answer.status_code == 200
    assert answer.data["status"] == {"decline/": "declined", "withdraw/": "withdrawn"}[act]


@pytest.mark.capability("K08")
def test_an_offer_whose_time_is_over_is_shown_as_expired():
    offer = OfferFactory()
    lapse_offer(offer)

    shown = client_of(offer.buyer).get(page(offer)).data
    late = ask(offer.seller, page(offer, "decline/"))

    assert (shown["status"], shown["chain"][0]["status"]) == ("expired", "expired")
    assert (late.status_code, late.data["current"]) == (409, "expired")


@pytest.mark.capability("K12")
def test_nobody_but_the_seller_learns_of_thresholds():
    product = ProductFactory(min_offer=Decimal(160))
    buyer = UserFactory()

    answer = ask(buyer, LIST, {"product": str(product.pk), "price": "150"})
    by_hand = OfferFactory()
    ordinary = ask(by_hand.seller, page(by_hand, "decline/"))
    usual = client_of(by_hand.buyer).get(page(by_hand)).data

    offer = Offer.objects.get(pk=answer.data["id"])
    assert (answer.status_code, answer.data["status"]) == (201, "declined")
    assert answer.data["decided_by_rule"] is None
    assert answer.data.keys() == usual.keys()
    assert "160" not in answer.content.decode()
    assert client_of(product.seller).get(page(offer)).data["decided_by_rule"] is True
    assert ordinary.data["decided_by_rule"] is False


def test_lists_are_filtered_by_side_state_and_product():
    offer = OfferFactory()
    person = offer.buyer
    sold = OfferFactory(product=ProductFactory(seller=person))
    over = OfferFactory(buyer=person)
    lapse_offer(over)
    client = client_of(person)

    def found(query):
        return {row["id"] for row in client.get(f"{LIST}?{query}").data["results"]}

    assert found("role=seller") == {str(sold.pk)}
    assert found("role=buyer") == {str(offer.pk), str(over.pk)}
    assert found("status=expired") == {str(over.pk)}
    assert found("live=true") == {str(offer.pk), str(sold.pk)}
    assert found("live=false") == {str(over.pk)}
    assert found(f"product={offer.product_id}") == {str(offer.pk)}
    assert client.get(f"{LIST}?colour=red").status_code == 400
    assert client.get(f"{LIST}?status=sold").status_code == 400


def test_the_list_costs_the_same_however_long_it_is(assert_constant_queries):
    seller = UserFactory()
    client = client_of(seller)

    assert_constant_queries(
        lambda: client.get("/api/v1/offers/"),
        grow=lambda: OfferFactory(product=ProductFactory(seller=seller)),
    )


def test_a_person_who_may_not_buy_is_told_so():
    product = ProductFactory()
    unproved = UserFactory(phone_verified=False, with_email=True)
    blocked = UserFactory()
    block_user(blocker=product.seller, blocked=blocked)
    body = {"product": str(product.pk), "price": "100"}

    own, phone = ask(product.seller, LIST, body), ask(unproved, LIST, body)
    unseen = ask(blocked, LIST, body)

    assert (own.status_code, own.data["code"]) == (400, "not_yourself")
    assert (phone.status_code, phone.data["code"]) == (403, "phone_required")
    assert (unseen.status_code, unseen.json()["errors"][0]["code"]) == (400, "does_not_exist")
    assert not Offer.objects.exists()


@pytest.mark.capability("K07", "K10")
def test_a_seller_keeps_a_product_for_somebody_who_asked():
    product, buyer, stranger = ProductFactory(), UserFactory(), UserFactory()
    open_product_conversation(product=product, buyer=buyer, counted=False)
    address = f"/api/v1/products/{product.pk}/reserve/"

    by_other = ask(buyer, address, {"buyer": str(buyer.pk)})
    unasked = ask(product.seller, address, {"buyer": str(stranger.pk)}, key="second")
    kept = ask(product.seller, address, {"buyer": str(buyer.pk), "price": "180"}, key="third")
    twice = ask(product.seller, address, {"buyer": str(buyer.pk)}, key="fourth")

    assert (by_other.status_code, by_other.data["code"]) == (403, "not_allowed")
    assert (unasked.status_code, unasked.data["code"]) == (409, "no_contact")
    assert (kept.status_code, kept.data["amount"]) == (201, "180.00")
    assert (twice.status_code, twice.data["code"]) == (409, "already_claimed")
    sale = Transaction.objects.get()
    assert (sale.origin, sale.buyer, sale.seller) == ("seller", buyer, product.seller)
    assert Product.objects.get().status == "reserved"
