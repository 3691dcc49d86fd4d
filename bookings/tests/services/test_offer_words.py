"""What offers say in the conversation: looked through like messages, and told of once."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.tests.factories.market import OfferFactory
from config.shared.clock import database_now
from messaging.models import Message, Notification
from messaging.services.message_notices import JOB as NOTICE_JOB
from messaging.services.message_notices import tell_of_messages
from messaging.services.messages import post_message

pytestmark = pytest.mark.django_db


def told(person):
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("type", flat=1))


@pytest.mark.capability("M09")
def test_contact_details_in_an_offer_are_flagged_like_those_in_a_message():
    OfferFactory(message="Call me: 050 123 4567")

    assert Message.objects.get().flags == ["contact_phone"]


@pytest.mark.capability("M10")
def test_an_offer_that_nobody_has_read_is_told_of_once():
    offer = OfferFactory()

    assert not ProcrastinateJob.objects.filter(task_name=NOTICE_JOB).exists()
    post_message(conversation=offer.conversation, sender=offer.seller, content="Hm")
    tell_of_messages(conversation_id=offer.conversation_id, until=database_now())

    assert told(offer.seller) == ["offer_received"]
    assert told(offer.buyer) == ["new_message"]
