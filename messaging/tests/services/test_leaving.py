"""Whoever has left a conversation sees what was said until then, and no more."""

import pytest
from django.utils import timezone

from accounts.tests.clients import client_of
from messaging.conversation_exceptions import NotTakingPartError
from messaging.models import Participant
from messaging.services.inbox import what_waits
from messaging.services.message_notices import tell_of_messages
from messaging.services.messages import post_message
from messaging.services.reading import mark_read
from messaging.tests.factories.conversations import direct, people, say

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M01", "M05")]


@pytest.fixture
def talk():
    return direct()


@pytest.fixture
def gone(talk):
    """Somebody who left after the second message."""
    one, other = people(talk)
    say(talk, one, "1", "2")
    Participant.objects.filter(user=other).update(left_at=timezone.now(), left_seq=2)
    say(talk, one, "3")
    return other


def test_they_see_what_was_said_until_they_left(talk, gone):
    client = client_of(gone)

    page = client.get(f"/api/v1/conversations/{talk.pk}/").data
    rows = client.get(f"/api/v1/conversations/{talk.pk}/messages/").data["results"]

    assert [row["content"] for row in rows] == ["2", "1"]
    assert page["last_message"] is None
    assert page["unread_count"] == what_waits(user=gone).messages == 2
    assert mark_read(conversation=talk, user=gone).last_read_seq == 2


def test_they_say_nothing_more_and_are_told_nothing_more(talk, gone):
    with pytest.raises(NotTakingPartError):
        post_message(conversation=talk, sender=gone, content="Wait")

    assert tell_of_messages(conversation_id=talk.pk, until=timezone.now()) == 0
    one = talk.participants.exclude(user=gone).get().user
    shown = client_of(one).get(f"/api/v1/conversations/{talk.pk}/").data
    assert shown["people"] == []
    assert shown["last_seq"] == 3
