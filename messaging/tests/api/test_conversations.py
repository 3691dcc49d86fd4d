"""Conversations in the API: opening, keeping, and who is refused."""

import pytest

from accounts.services.connections import block_user
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import ResidencyFactory
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from catalog.models import ProductImage
from catalog.tests.factories.market import ProductFactory
from messaging.models import Conversation
from messaging.services.conversations import open_direct
from messaging.services.moderation_context import close_conversation
from messaging.tests.factories.conversations import about_product, direct, people, say

pytestmark = pytest.mark.django_db

LIST = "/api/v1/conversations/"


def page(conversation, verb=""):
    return f"{LIST}{conversation.pk}/{verb}"


@pytest.mark.capability("M01")
def test_a_conversation_about_a_product_is_opened_and_found_again():
    buyer, product = UserFactory(), ProductFactory()
    client = client_of(buyer)
    body = {"kind": "product", "product": str(product.pk)}

    first = client.post(LIST, body)
    again = client.post(LIST, body)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.data["id"] == again.data["id"]
    assert first.data["product"]["title"] == product.title
    assert first.data["product"]["price"] == "200.00"
    (other,) = first.data["people"]
    assert other["user"]["id"] == str(product.seller.pk)
    assert other["role"] == "seller"
    assert (first.data["buyer"], first.data["seller"]) == (str(buyer.pk), str(product.seller.pk))


@pytest.mark.capability("M01")
def test_whoever_talks_about_a_product_of_neighbours_sees_its_photograph():
    home = ResidencyFactory(verified=True)
    buyer = ResidencyFactory(building=home.building, verified=True).user
    product = ProductFactory(seller=home.user, community=True, building=home.building)
    picture = CheckedFileFactory(
        owner=home.user,
        kind="image",
        purpose="listing",
        is_private=True,
        renditions={"320": {"key": "pictures/small.webp", "size": 10}},
    )
    ProductImage.objects.create(product=product, media=picture)

    answer = client_of(buyer).post(LIST, {"kind": "product", "product": str(product.pk)})

    address = answer.data["product"]["image_url"]
    assert f"/media/{picture.pk}/file/?rendition=320&token=" in address


@pytest.mark.capability("M01")
def test_a_direct_one_and_one_with_the_staff_are_opened():
    person, other = UserFactory(), UserFactory()
    client = client_of(person)

    direct_one = client.post(LIST, {"kind": "direct", "user": str(other.pk)})
    support = client.post(LIST, {"kind": "support"})

    assert direct_one.data["people"][0]["user"]["id"] == str(other.pk)
    assert (support.status_code, support.data["kind"]) == (200, "support")
    assert support.data["people"] == []


@pytest.mark.capability("M01")
@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"kind": "direct"}, "/user"),
        ({"kind": "product"}, "/product"),
        ({"kind": "booking"}, "/subject"),
        ({"kind": "circle"}, "/kind"),
        ({}, "/kind"),
    ],
)
def test_what_is_missing_is_named(body, place):
    answer = client_of(UserFactory()).post(LIST, body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == place
    assert not Conversation.objects.exists()


@pytest.mark.capability("M01")
def test_nobody_opens_one_with_themselves_or_about_their_own_product():
    product = ProductFactory()
    client = client_of(product.seller)

    alone = client.post(LIST, {"kind": "direct", "user": str(product.seller.pk)})
    own = client.post(LIST, {"kind": "product", "product": str(product.pk)})

    assert (alone.status_code, own.status_code) == (400, 400)
    assert alone.json()["code"] == own.json()["code"] == "not_yourself"
    assert not Conversation.objects.exists()


@pytest.mark.capability("M08")
def test_a_block_leaves_what_was_said_and_opens_nothing_new():
    conversation = about_product()
    buyer, seller = people(conversation)
    say(conversation, seller, "Still there.")
    block_user(blocker=seller, blocked=buyer)
    client = client_of(buyer)

    history = client.get(page(conversation, "messages/"))
    message = client.post(page(conversation, "messages/"), {"content": "Hello?"})
    typing = client.post(page(conversation, "typing/"))
    new = client.post(LIST, {"kind": "direct", "user": str(seller.pk)})

    assert [row["content"] for row in history.data["results"]] == ["Still there."]
    assert (message.status_code, message.json()["code"]) == (403, "not_reachable")
    assert typing.status_code == 403
    assert new.status_code == 400
    conversation.refresh_from_db()
    assert (conversation.last_seq, Conversation.objects.count()) == (1, 1)


@pytest.mark.capability("M01", "M05")
def test_the_list_has_what_waits_on_each_side():
    conversation = about_product()
    buyer, seller = people(conversation)
    say(conversation, buyer, "Is it there?", "How big is it?")
    say(conversation, seller, "Yes.")

    (theirs,) = client_of(buyer).get(LIST).data["results"]
    (hers,) = client_of(seller).get(LIST).data["results"]

    assert (theirs["unread_count"], hers["unread_count"]) == (1, 2)
    assert (theirs["unread_count_buyer"], theirs["unread_count_seller"]) == (1, 2)
    assert theirs["last_message"]["content"] == "Yes."
    assert theirs["last_seq"] == 3
    assert client_of(seller).get(f"{LIST}unread/").data == {"conversations": 1, "messages": 2}


@pytest.mark.capability("M05")
def test_each_side_archives_for_itself_and_news_bring_it_back():
    conversation = about_product()
    buyer, seller = people(conversation)
    client = client_of(seller)

    archived = client.post(page(conversation, "archive/"))

    assert archived.data["is_archived"] is True
    assert (archived.data["is_archived_seller"], archived.data["is_archived_buyer"]) == (
        True,
        False,
    )
    assert client.get(f"{LIST}?is_archived=false").data["results"] == []
    assert len(client_of(buyer).get(f"{LIST}?is_archived=false").data["results"]) == 1
    say(conversation, buyer, "Are you there?")
    assert client.get(page(conversation)).data["is_archived"] is False
    client.post(page(conversation, "archive/"))
    assert client.post(page(conversation, "unarchive/")).data["is_archived"] is False


@pytest.mark.capability("M05", "M11")
def test_a_conversation_is_muted_for_hours_or_for_ever_and_speaks_again():
    conversation = direct()
    one, _ = people(conversation)
    client = client_of(one)

    for_hours = client.post(page(conversation, "mute/"), {"hours": 8}).data["muted_until"]
    for_ever = client.post(page(conversation, "mute/")).data["muted_until"]
    again = client.post(page(conversation, "unmute/")).data["muted_until"]

    assert for_hours < for_ever == "9999-12-31T00:00:00Z"
    assert again is None
    assert client.post(page(conversation, "mute/"), {"hours": 0}).status_code == 400


@pytest.mark.capability("M05")
def test_reading_goes_forward_and_never_beyond_the_last_message():
    conversation = direct()
    one, other = people(conversation)
    say(conversation, other, "1", "2", "3")
    client = client_of(one)

    two = client.post(page(conversation, "read/"), {"seq": 2}).data
    back = client.post(page(conversation, "read/"), {"seq": 1}).data
    beyond = client.post(page(conversation, "read/"), {"seq": 2**63 - 1}).data

    assert (two["last_read_seq"], two["unread_count"]) == (2, 1)
    assert back["last_read_seq"] == 2
    assert (beyond["last_read_seq"], beyond["unread_count"]) == (3, 0)
    say(conversation, other, "4")
    assert client.post(page(conversation, "read/")).data["last_read_seq"] == 4


@pytest.mark.capability("M01")
def test_the_list_is_filtered():
    person = UserFactory()
    talk = about_product(buyer=person)
    friend = UserFactory()
    other = direct(user=person, other=friend)
    say(other, friend, "Hello")
    client = client_of(person)

    def found(query):
        return [row["id"] for row in client.get(f"{LIST}?{query}").data["results"]]

    assert found("") == [str(other.pk), str(talk.pk)]
    assert found("kind=product") == [str(talk.pk)]
    assert found(f"product={talk.product_id}") == [str(talk.pk)]
    assert found("unread=true") == [str(other.pk)]
    assert found("unread=false") == [str(talk.pk)]
    assert client.get(f"{LIST}?colour=red").status_code == 400
    assert client.get(f"{LIST}unread/?kind=direct").status_code == 400


@pytest.mark.capability("M01", "M08")
def test_nobody_else_sees_a_conversation_the_staff_included(api):
    conversation = direct()
    say(conversation, people(conversation)[0], "Between us")
    strangers = [UserFactory(), staff_in("Support"), staff_in("Moderation")]

    for stranger in strangers:
        client = client_of(stranger)
        assert client.get(LIST).data["results"] == []
        for verb in ("", "messages/"):
            assert client.get(page(conversation, verb)).status_code == 404
        for verb in ("archive/", "mute/", "read/", "typing/", "messages/"):
            answer = client.post(page(conversation, verb), {"content": "Hello"})
            assert answer.status_code == 404
    assert api.get(LIST).status_code == 401
    conversation.refresh_from_db()
    assert conversation.last_seq == 1


@pytest.mark.capability("M08")
def test_a_closed_conversation_is_read_and_takes_nothing_more():
    conversation = direct()
    one, _ = people(conversation)
    say(conversation, one, "Hello")
    close_conversation(conversation=conversation, actor=staff_in("Moderation"), reason="Scam")
    client = client_of(one)

    shown = client.get(page(conversation)).data
    refused = client.post(page(conversation, "messages/"), {"content": "Why?"})

    assert shown["is_closed"] is True
    assert shown["last_message"]["code"] == "conversation_closed"
    assert (refused.status_code, refused.json()["code"]) == (409, "conversation_closed")
    assert refused.json()["current"] == "closed"
    assert client.post(page(conversation, "typing/")).status_code == 409


@pytest.mark.capability("M01")
def test_the_list_costs_the_same_however_long_it_is(assert_constant_queries):
    person = UserFactory()
    client = client_of(person)

    def grow():
        talk = about_product(buyer=person)
        say(talk, people(talk)[1], "Yes", "Still there")
        pair = open_direct(user=UserFactory(), other=person)
        say(pair, people(pair)[0], "Hello")

    assert_constant_queries(lambda: client.get("/api/v1/conversations/"), grow)
    assert_constant_queries(lambda: client.get("/api/v1/conversations/unread/"), grow, times=2)
