"""What the staff see of a conversation, and what they do about it."""

import pytest

from accounts.choices import MediaPurpose
from accounts.models import AuditEvent, MediaFile
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from config.shared.errors import NotAllowedError
from messaging.choices import MessageType, ReportReason
from messaging.conversation_exceptions import ConversationClosedError
from messaging.models import Message, Report
from messaging.services.messages import post_message
from messaging.services.moderation_context import (
    close_conversation,
    messages_around,
    remove_message,
    reopen_conversation,
)
from messaging.tests.factories.conversations import direct, people, say

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M08")]


@pytest.fixture
def staff():
    return staff_in("Moderation")


def reported(message):
    Report.objects.create(
        reporter=UserFactory(),
        target_type="messaging.message",
        target_id=message.pk,
        reason=ReportReason.SCAM,
    )
    return message


@pytest.mark.parametrize(
    ("place", "first", "last"), [(15, 10, 20), (1, 1, 11), (2, 1, 11), (30, 20, 30), (28, 20, 30)]
)
def test_ten_messages_stand_around_the_reported_one(staff, place, first, last):
    talk = direct()
    messages = say(talk, people(talk)[0], *[str(number) for number in range(1, 31)])

    seen = messages_around(message=reported(messages[place - 1]), staff=staff)

    assert [one.seq for one in seen.messages] == list(range(first, last + 1))
    assert seen.message == messages[place - 1]
    event = AuditEvent.objects.get(action="messaging.message.read_by_staff")
    assert (event.actor, event.object_id) == (staff, str(seen.message.pk))
    assert event.after == {"from_seq": first, "to_seq": last}


def test_nobody_reads_what_was_not_reported_or_is_not_theirs_to_read(staff):
    talk = direct()
    quiet, loud = say(talk, people(talk)[0], "Quiet", "Loud")
    reported(loud)

    for message, reader in ((quiet, staff), (loud, UserFactory()), (loud, staff_in("Finance"))):
        with pytest.raises(NotAllowedError):
            messages_around(message=message, staff=reader)
    assert not AuditEvent.objects.filter(action="messaging.message.read_by_staff").exists()
    assert len(messages_around(message=loud, staff=staff, count=1000).messages) == 2


def test_pictures_of_what_was_reported_are_opened_by_those_who_decide(staff):
    talk = direct()
    one, _ = people(talk)
    files = [CheckedFileFactory(owner=one, purpose=MediaPurpose.MESSAGE) for _ in range(2)]
    quiet, loud = (
        post_message(conversation=talk, sender=one, message_type=MessageType.IMAGE, images=[file])
        for file in files
    )
    reported(loud)

    def opened(user):
        return set(MediaFile.objects.visible_to(user).filter(pk__in=[file.pk for file in files]))

    assert opened(staff) == {files[1]}
    assert opened(staff_in("Support")) == opened(UserFactory()) == set()
    assert opened(one) == set(files)
    assert quiet.images.get() == files[0]


def test_a_message_is_taken_down_by_the_staff(staff):
    talk = direct()
    (message,) = say(talk, people(talk)[0], "Send money first")

    remove_message(message=message, actor=staff, reason="Scam")
    remove_message(message=message, actor=staff, reason="Again")

    message.refresh_from_db()
    assert (message.content, message.removed_by, message.seq) == ("", staff, 1)
    (event,) = AuditEvent.objects.filter(action="messaging.message.removed")
    assert (event.actor, event.reason) == (staff, "Scam")


def test_a_conversation_is_closed_and_opened_again(staff):
    talk = direct()
    one, _ = people(talk)

    close_conversation(conversation=talk, actor=staff, reason="Threats")
    with pytest.raises(ConversationClosedError):
        post_message(conversation=talk, sender=one, content="But")
    reopen_conversation(conversation=talk, actor=staff, reason="A mistake")
    post_message(conversation=talk, sender=one, content="Thanks")

    notes = Message.objects.filter(conversation=talk, sender=None).in_order()
    assert [note.flags for note in notes] == [["conversation_closed"], ["conversation_reopened"]]
    actions = AuditEvent.objects.filter(object_id=str(talk.pk)).order_by("at", "pk")
    assert [(event.action, event.reason) for event in actions] == [
        ("messaging.conversation.closed", "Threats"),
        ("messaging.conversation.reopened", "A mistake"),
    ]
