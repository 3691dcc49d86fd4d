"""Offers: made, countered, accepted, declined, taken back, and ended by time."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.services.connections import block_user
from accounts.tests.factories.people import UserFactory
from bookings.models import ClaimLog, Offer, Transaction
from bookings.offer_exceptions import (
    NotYourTurnError,
    PriceCameDownError,
)
from bookings.services.offers import (
    accept_offer,
    counter_offer,
    decline_offer,
    decline_others,
    make_offer,
    withdraw_offer,
)
from bookings.tasks import sweep_claims as job
from bookings.tests.factories.market import (
    OfferFactory,
    countered,
    lapse_offer,
    lapse_reservation,
)
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory
from config.shared.clock import database_now
from config.shared.errors import (
    AlreadyClaimedError,
    InvalidTransitionError,
    NotAllowedError,
)
from config.shared.locks import lock
from messaging.conversation_exceptions import NotReachableError
from messaging.models import Conversation, LiveEvent, Message, Notification

pytestmark = pytest.mark.django_db


def states():
    return list(Offer.objects.order_by("created_at", "pk").values_list("status", flat=True))


def told(person):
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("type", flat=1))


@pytest.mark.capability("K08")
def test_an_offer_stands_in_the_conversation_of_the_two_and_tells_the_seller():
    product, buyer = ProductFactory(), UserFactory()

    offer = make_offer(
        buyer=buyer, product=product, price=Decimal(150), message=" Today? ", expires_in_hours=2
    )

    assert (offer.status, offer.proposer, offer.move_number) == ("pending", buyer, 1)
    assert (offer.original_price, offer.currency, offer.message) == (200, "AED", "Today?")
    assert offer.expires_at - offer.created_at == timedelta(hours=2)
    conversation = Conversation.objects.get()
    assert (conversation.buyer, conversation.seller) == (buyer, product.seller)
    message = Message.objects.get()
    assert (message.sender, message.content, message.offer_id) == (buyer, "Today?", offer.pk)
    assert message.offer_data["price"] == "150.00"
    assert (message.offer_data["by"], message.offer_data["status"]) == ("buyer", "pending")
    assert told(product.seller) == ["offer_received"]
    assert told(buyer) == []


@pytest.mark.capability("K08")
def test_only_the_other_side_answers_and_only_whoever_made_it_takes_it_back():
    offer = OfferFactory()

    for act in (accept_offer, decline_offer):
        with pytest.raises(NotYourTurnError):
            act(offer=offer, actor=offer.buyer)
        with pytest.raises(NotAllowedError):
            act(offer=offer, actor=UserFactory())
    with pytest.raises(NotYourTurnError):
        counter_offer(offer=offer, actor=offer.buyer, price=Decimal(160))
    with pytest.raises(NotYourTurnError):
        withdraw_offer(offer=offer, actor=offer.seller)

    assert states() == ["pending"]
    assert not Transaction.objects.exists()


@pytest.mark.capability("K08")
@pytest.mark.parametrize(
    ("act", "side", "status", "message"),
    [
        (decline_offer, "seller", "declined", "offer_declined"),
        (withdraw_offer, "buyer", "withdrawn", "offer_withdrawn"),
    ],
)
def test_an_offer_ends_once_and_tells_the_other(act, side, status, message):
    offer = OfferFactory()
    actor = getattr(offer, side)

    ended = act(offer=offer, actor=actor)

    other = offer.buyer if side == "seller" else offer.seller
    assert (ended.status, message in told(other)) == (status, True)
    assert ended.responded_at is not None
    assert Message.objects.order_by("seq").last().offer_data["status"] == status
    with pytest.raises(InvalidTransitionError) as refused:
        act(offer=offer, actor=actor)
    assert (refused.value.current, refused.value.allowed) == (status, [])


@pytest.mark.capability("K10")
def test_accepting_reserves_the_product_and_leaves_the_others_waiting():
    offer = OfferFactory()
    other = OfferFactory(product=offer.product, price=Decimal(140))

    accepted = accept_offer(offer=offer, actor=offer.seller)

    sale = Transaction.objects.get()
    product = Product.objects.get()
    assert (accepted.status, accepted.transaction) == ("accepted", sale)
    assert (sale.offer, sale.buyer, sale.amount, sale.origin) == (offer, offer.buyer, 150, "offer")
    assert (product.status, product.claimed_until) == ("reserved", sale.reserved_until)
    assert sale.reserved_until - accepted.responded_at == timedelta(hours=24)
    assert told(offer.buyer) == ["offer_accepted"]
    other.refresh_from_db()
    assert (other.status, told(other.buyer)) == ("pending", [])


@pytest.mark.capability("K10", "K11")
def test_a_second_accept_learns_when_the_product_may_be_free_and_is_written_down():
    first = OfferFactory()
    second = OfferFactory(product=first.product, price=Decimal(180))
    sale = accept_offer(offer=first, actor=first.seller).transaction

    with pytest.raises(AlreadyClaimedError) as refused:
        accept_offer(offer=second, actor=second.seller)

    assert refused.value.extra["free_at"] == sale.reserved_until
    assert refused.value.extra["current"] == "reserved"
    assert states() == ["accepted", "pending"]
    lost = ClaimLog.objects.get(outcome="lost")
    assert (lost.who, lost.transaction, lost.reason) == (second.buyer, sale, "already_claimed")


@pytest.mark.capability("K10")
def test_what_lapsed_returns_and_the_waiting_offer_can_be_accepted():
    first = OfferFactory()
    second = OfferFactory(product=first.product, price=Decimal(140))
    sale = accept_offer(offer=first, actor=first.seller).transaction
    lapse_reservation(sale)

    accepted = accept_offer(offer=second, actor=second.seller)

    sale.refresh_from_db()
    assert (sale.status, accepted.transaction.status) == ("failed", "pending")
    assert "reservation_lapsed" in told(first.buyer)


@pytest.mark.capability("K10")
def test_others_are_declined_when_the_winner_has_paid():
    winner = OfferFactory()
    loser, late = OfferFactory(product=winner.product), OfferFactory(product=winner.product)
    elsewhere = OfferFactory()
    sale = accept_offer(offer=winner, actor=winner.seller).transaction
    lapse_offer(late)

    with transaction.atomic():
        (product,) = lock(winner.product)
        ended = decline_others(product=product, winner=sale, now=database_now())

    assert (ended, states()) == (2, ["accepted", "declined", "expired", "pending"])
    assert told(loser.buyer) == ["offer_ended"]
    assert elsewhere.status == "pending"


@pytest.mark.capability("K09")
def test_a_counter_is_a_child_by_the_other_side():
    offer = OfferFactory()

    ask = counter_offer(
        offer=offer, actor=offer.seller, price=Decimal(190), message="With the lamp"
    )
    bid = countered(ask, 160)

    offer.refresh_from_db()
    ask.refresh_from_db()
    assert (offer.status, offer.counter_price) == ("countered", 190)
    assert (ask.proposer, ask.parent, ask.status) == (offer.seller, offer, "countered")
    assert (bid.proposer, bid.parent, bid.move_number) == (offer.buyer, ask, 3)
    assert told(offer.buyer) == ["offer_countered"]
    assert told(offer.seller) == ["offer_received", "offer_countered"]
    assert [row.offer_data["by"] for row in Message.objects.order_by("seq")] == [
        "buyer",
        "seller",
        "buyer",
    ]


@pytest.mark.capability("K08")
def test_an_expired_offer_is_no_more_without_any_job():
    offer = OfferFactory()
    lapse_offer(offer)

    with pytest.raises(InvalidTransitionError) as refused:
        accept_offer(offer=offer, actor=offer.seller)

    offer.refresh_from_db()
    assert (refused.value.current, offer.status) == ("expired", "expired")
    assert told(offer.buyer) == ["offer_expired"]
    assert not Transaction.objects.exists()
    again = make_offer(buyer=offer.buyer, product=offer.product, price=Decimal(150))
    lapse_offer(again)
    make_offer(buyer=offer.buyer, product=offer.product, price=Decimal(160))
    assert states() == ["expired", "expired", "pending"]


@pytest.mark.capability("K08")
def test_the_sweeper_ends_what_nobody_answered_and_tells():
    lapsed, going = OfferFactory(), OfferFactory()
    lapse_offer(lapsed)

    job()
    job()

    assert states() == ["expired", "pending"]
    assert told(lapsed.buyer) == ["offer_expired"]
    assert told(going.buyer) == []


def test_after_a_block_an_offer_can_only_be_declined_or_withdrawn():
    offer, other = OfferFactory(), OfferFactory()
    block_user(blocker=offer.buyer, blocked=offer.seller)
    block_user(blocker=other.buyer, blocked=other.seller)

    with pytest.raises(NotReachableError):
        accept_offer(offer=offer, actor=offer.seller)
    with pytest.raises(NotReachableError):
        countered(offer, 190)
    decline_offer(offer=offer, actor=offer.seller)
    withdraw_offer(offer=other, actor=other.buyer)

    assert states() == ["declined", "withdrawn"]
    assert Message.objects.count() == 2


@pytest.mark.capability("K08", "K12", "M06")
def test_the_clients_of_both_hear_of_every_move_and_of_no_threshold():
    product = ProductFactory(min_offer=Decimal(100))
    offer = OfferFactory(product=product)
    countered(offer, 190)
    make_offer(buyer=UserFactory(), product=product, price=Decimal(50))

    events = LiveEvent.objects.filter(type="offer.changed").order_by("id")
    heard = [
        (event.data["offer"], event.data["status"]) for event in events.filter(user=offer.buyer)
    ]
    child = offer.counter
    assert heard == [
        (str(offer.pk), "pending"),
        (str(offer.pk), "countered"),
        (str(child.pk), "pending"),
    ]
    assert events.filter(user=product.seller).count() == 5
    assert {frozenset(event.data) for event in events} == {
        frozenset({"offer", "product", "conversation", "status"})
    }


@pytest.mark.capability("K09", "K10")
def test_nobody_accepts_more_than_the_product_costs_by_now():
    offer, ask = OfferFactory(), countered(OfferFactory(), 190)
    Product.objects.update(price=Decimal(100))

    for one, actor in ((offer, offer.seller), (ask, ask.buyer)):
        with pytest.raises(PriceCameDownError) as refused:
            accept_offer(offer=one, actor=actor)
        one.refresh_from_db()
        assert (one.status, refused.value.extra["price"]) == ("pending", "100.00")

    assert not Transaction.objects.exists()
