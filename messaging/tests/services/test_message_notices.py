"""Being told of messages that one has not read: late enough, once, and not when muted."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.services.settings import get_setting
from config.shared.clock import database_now
from config.tests.support import drain
from messaging.models import Message, Notification, Participant
from messaging.services.message_changes import delete_message
from messaging.services.message_notices import JOB, NEW_MESSAGE, tell_of_messages
from messaging.services.reading import mark_read, mute, unmute
from messaging.tests.factories.conversations import direct, people, say

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M10", "M11")]


@pytest.fixture
def talk():
    return direct()


def jobs():
    return ProcrastinateJob.objects.filter(task_name=JOB)


def look(talk, *, ago=0):
    """What the job does about everything that was said up to so many seconds ago."""
    until = database_now() - timedelta(seconds=ago)
    return tell_of_messages(conversation_id=talk.pk, until=until)


def told(user):
    return Notification.objects.filter(user=user, type=NEW_MESSAGE).count()


def test_whoever_has_not_read_is_told_once_until_they_do(talk):
    one, other = people(talk)
    say(talk, one, "Hello", "Are you there?")

    assert look(talk) == 1
    say(talk, one, "Hello?")
    assert look(talk) == 0
    mark_read(conversation=talk, user=other)
    say(talk, one, "I am outside")
    assert look(talk) == 1

    assert (told(one), told(other)) == (0, 2)
    notice = Notification.objects.filter(user=other).first()
    assert notice.data == {"name": one.full_name}
    assert notice.link == f"/api/v1/conversations/{talk.pk}/"


def test_one_look_is_arranged_for_however_many_messages(talk):
    one, other = people(talk)
    say(talk, one, "1", "2", "3")
    say(talk, other, "4")

    (found,) = jobs()
    assert found.args["conversation_id"] == str(talk.pk)
    assert found.scheduled_at > timezone.now() + timedelta(seconds=50)
    assert drain() == []
    # The answer came later than what the first look is about.
    assert drain(later=True).count(JOB) == 2
    assert (told(one), told(other)) == (1, 1)


def test_nobody_is_told_of_what_they_read_or_of_what_was_only_just_said(talk):
    one, other = people(talk)
    say(talk, one, "Hello")
    mark_read(conversation=talk, user=other)
    assert look(talk) == 0

    jobs().delete()
    say(talk, one, "Later")
    jobs().delete()
    assert look(talk, ago=10) == 0

    assert told(other) == 0
    (again,) = jobs()
    assert again.args["until"] == Message.objects.get(seq=2).created_at.isoformat()
    assert drain(later=True).count(JOB) == 1
    assert told(other) == 1


def test_a_muted_conversation_tells_nothing_until_it_speaks_again(talk):
    one, other = people(talk)
    mute(conversation=talk, user=other, hours=1)
    say(talk, one, "Hello")

    assert (jobs().count(), look(talk)) == (0, 0)
    unmute(conversation=talk, user=other)
    say(talk, one, "Hello again")
    assert look(talk) == 1


def test_what_was_deleted_is_not_told(talk):
    one, other = people(talk)
    (message,) = say(talk, one, "Oops")
    delete_message(message=message, actor=one)

    assert look(talk) == 0
    assert told(other) == 0
    assert Participant.objects.get(user=other).notified_seq == 0


def test_how_long_one_waits_is_a_setting():
    assert get_setting("message_notice_seconds") == 60
