"""What conversations keep about a person, and what is left of it once they are forgotten."""

import pytest

from accounts.choices import MediaPurpose
from accounts.models import MediaFile
from accounts.tests.factories.papers import CheckedFileFactory
from config.shared.personal_data import collected
from messaging.choices import MessageType
from messaging.models import LiveEvent, Message, Notification, ReadMark
from messaging.services.conversation_data import (
    forget_messages,
    forget_name_in_notices,
    forget_reading,
)
from messaging.services.message_notices import NEW_MESSAGE
from messaging.services.messages import post_message
from messaging.services.reading import mark_read
from messaging.tests.factories.conversations import about_product, people, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk():
    talk = about_product()
    buyer, seller = people(talk)
    say(talk, buyer, "My name is Priya", "I live in 1204")
    say(talk, seller, "Fine, Priya")
    mark_read(conversation=talk, user=buyer)
    Notification.objects.create(
        user=seller,
        type=NEW_MESSAGE,
        data={"name": buyer.full_name},
        link=f"/api/v1/conversations/{talk.pk}/",
        dedupe_key="x",
    )
    return talk


def test_a_person_gets_what_they_said_and_where_not_what_others_said(talk):
    buyer, _ = people(talk)

    found = collected(buyer)

    assert [row["content"] for row in found["messaging.messages"]] == [
        "My name is Priya",
        "I live in 1204",
    ]
    (place,) = found["messaging.conversations"]
    assert (place["kind"], place["product_title"]) == ("product", talk.product.title)
    assert place["last_read_seq"] == 3
    assert len(found["messaging.reading"]) == 1


def test_what_a_forgotten_person_said_goes_and_what_others_said_stays(talk):
    buyer, seller = people(talk)

    picture = CheckedFileFactory(owner=buyer, purpose=MediaPurpose.MESSAGE)
    post_message(
        conversation=talk,
        sender=buyer,
        message_type=MessageType.IMAGE,
        images=[picture],
        client_id="phone-1",
    )

    assert forget_messages(buyer) == 3
    assert forget_messages(buyer) == 0
    assert forget_reading(buyer) == 1
    assert forget_name_in_notices(buyer) == 1
    assert forget_name_in_notices(buyer) == 0

    rows = Message.objects.filter(conversation=talk).in_order()
    said = [(row.seq, row.content) for row in rows]
    assert said == [(1, ""), (2, ""), (3, "Fine, Priya"), (4, "")]
    assert rows[3].client_id == ""
    assert not MediaFile.objects.filter(pk=picture.pk).exists()
    assert LiveEvent.objects.filter(user=seller, type="message.deleted").count() == 3
    assert not ReadMark.objects.filter(user=buyer).exists()
    assert Notification.objects.get(user=seller).data == {"name": ""}
