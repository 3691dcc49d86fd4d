"""What clients are told live of conversations: where something happened, never what was said."""

import pytest

from config.shared import realtime
from messaging.models import LiveEvent
from messaging.services.message_changes import delete_message, edit_message
from messaging.services.presence import tell_typing
from messaging.services.reading import mark_read
from messaging.tests.factories.conversations import direct, people, say

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M05", "M06")]


def events(user):
    return [(event.type, event.data) for event in LiveEvent.objects.filter(user=user)]


def test_both_are_told_of_what_is_said_changed_taken_back_and_read():
    talk = direct()
    one, other = people(talk)

    (message,) = say(talk, one, "Secret")
    edit_message(message=message, actor=one, content="Secrets")
    delete_message(message=message, actor=one)
    mark_read(conversation=talk, user=other)
    mark_read(conversation=talk, user=other)

    assert events(one) == events(other)
    place = {"conversation": str(talk.pk), "message": str(message.pk), "seq": 1}
    told = events(other)
    assert [kind for kind, _ in told] == [
        "message.created",
        "message.edited",
        "message.deleted",
        "conversation.read",
    ]
    assert place.items() <= told[0][1].items()
    assert told[3][1] == {"conversation": str(talk.pk), "user": str(other.pk), "seq": 1}
    assert "Secret" not in str(told)


def test_typing_is_told_to_whoever_follows_and_kept_nowhere(monkeypatch):
    talk = direct()
    one, _ = people(talk)
    heard = []
    monkeypatch.setattr(realtime, "broadcast", lambda **told: heard.append(told))

    tell_typing(conversation=talk, user=one)

    assert [(told["topic"], told["event"]) for told in heard] == [
        (f"conversation:{talk.pk}", "typing")
    ]
    assert not LiveEvent.objects.exists()
