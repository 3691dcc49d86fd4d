"""Opening conversations: one for each kind, subject and pair."""

import pytest

from accounts.exceptions import NotYourselfError
from accounts.services.connections import block_user
from accounts.tests.factories.people import UserFactory
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import MissingError, TooManyRequestsError
from messaging.choices import ParticipantRole
from messaging.models import Conversation
from messaging.services.conversations import (
    open_direct,
    open_product_conversation,
    open_support,
)

pytestmark = pytest.mark.django_db


@pytest.mark.capability("M01")
def test_two_people_have_one_conversation_whoever_opens_it():
    one, other = UserFactory(), UserFactory()

    first = open_direct(user=one, other=other)
    second = open_direct(user=other, other=one)

    assert first == second
    assert Conversation.objects.count() == 1
    assert set(first.participants.values_list("user", flat=True)) == {one.pk, other.pk}


@pytest.mark.capability("M01")
def test_each_buyer_has_one_conversation_about_each_product():
    buyer, product = UserFactory(), ProductFactory()

    first = open_product_conversation(product=product, buyer=buyer)
    again = open_product_conversation(product=product, buyer=buyer, counted=False)
    others = open_product_conversation(product=product, buyer=UserFactory())
    about_another = open_product_conversation(
        product=ProductFactory(seller=product.seller), buyer=buyer
    )

    assert first == again
    assert len({first, others, about_another}) == 3
    assert (first.buyer, first.seller) == (buyer, product.seller)
    roles = dict(first.participants.values_list("user", "role"))
    assert roles == {
        buyer.pk: ParticipantRole.BUYER,
        product.seller.pk: ParticipantRole.SELLER,
    }


@pytest.mark.capability("M01")
def test_everybody_has_one_conversation_with_the_staff():
    person = UserFactory()

    assert open_support(user=person) == open_support(user=person)
    assert open_support(user=UserFactory()) != open_support(user=person)


@pytest.mark.capability("M01")
def test_nobody_talks_to_themselves():
    product = ProductFactory()

    with pytest.raises(NotYourselfError):
        open_direct(user=product.seller, other=product.seller)
    with pytest.raises(NotYourselfError):
        open_product_conversation(product=product, buyer=product.seller)
    assert not Conversation.objects.exists()


@pytest.mark.capability("M08")
@pytest.mark.parametrize("turned", [False, True])
def test_a_block_either_way_opens_nothing(turned):
    product, buyer = ProductFactory(), UserFactory()
    pair = (product.seller, buyer) if turned else (buyer, product.seller)
    block_user(blocker=pair[0], blocked=pair[1])

    for opening in (
        lambda: open_direct(user=buyer, other=product.seller),
        lambda: open_product_conversation(product=product, buyer=buyer),
    ):
        with pytest.raises(MissingError):
            opening()
    assert not Conversation.objects.exists()


@pytest.mark.capability("M09")
def test_five_conversations_an_hour_and_one_that_exists_is_not_counted():
    person = UserFactory()
    known = open_direct(user=person, other=UserFactory())
    for _ in range(4):
        open_direct(user=person, other=UserFactory())

    with pytest.raises(TooManyRequestsError):
        open_direct(user=person, other=UserFactory())

    assert Conversation.objects.count() == 5
    other = known.participants.exclude(user=person).get().user
    assert open_direct(user=person, other=other) == known
    product = ProductFactory()
    assert open_product_conversation(product=product, buyer=person, counted=False)
