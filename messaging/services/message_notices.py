"""Telling people of messages that they have not read after a short while, once until they do."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from accounts.models import User
from accounts.services.message_templates import register_templates
from accounts.services.settings import get_setting
from config.shared.clock import database_now
from config.shared.jobs import defer_once_at
from config.shared.locks import lock
from config.shared.retries import retry_transaction
from messaging.choices import MessageType, NotificationCategory
from messaging.models import Conversation, Message, Participant
from messaging.querysets.conversations import ParticipantQuerySet
from messaging.services.categories import register_categories
from messaging.services.notifications import notify
from messaging.services.seats import seat_present_team

NEW_MESSAGE = "new_message"
JOB = "messaging.tell_of_messages"

register_templates({NEW_MESSAGE: ("name",)})
register_categories({NEW_MESSAGE: NotificationCategory.MESSAGES})


def arrange_notice(*, conversation: Conversation, sender: User | None, now: datetime) -> None:
    """See to it that those who do not read what was just said are told; called under the lock.

    Nothing is arranged for whoever was told already and has not read since.
    """
    waiting = _untold(conversation, now)
    if sender is not None:
        waiting = waiting.exclude(user=sender)
    if waiting.exists():
        _look_later(conversation.pk, now)


@retry_transaction
def tell_of_messages(*, conversation_id: UUID, until: datetime) -> int:
    """Tell everybody who has not read what was said up to ``until``; returns how many were told.

    Those who have only later messages before them are looked at again when it is their time.
    """
    found = Conversation.objects.filter(pk=conversation_id).first()
    if found is None:
        return 0
    (conversation,) = lock(found)
    seat_present_team(conversation)
    now = database_now()
    told, later = 0, []
    for place in _untold(conversation, now).with_news().select_related("user").order_by("pk"):
        first = _first_unread(place)
        if first is None:
            continue
        if first.created_at > until:
            later.append(first.created_at)
        else:
            told += _tell(conversation, place, first)
    if later:
        _look_later(conversation.pk, min(later))
    return told


def _untold(conversation: Conversation, now: datetime) -> ParticipantQuerySet:
    """Those who want to be told and have read whatever they were told of last."""
    return Participant.objects.present().filter(
        Q(muted_until__isnull=True) | Q(muted_until__lte=now),
        conversation=conversation,
        notified_seq__lte=F("last_read_seq"),
    )


def _first_unread(place: Participant) -> Message | None:
    """The first message before somebody; offers have notifications of their own."""
    news = Message.objects.said().filter(
        Q(sender__isnull=True) | ~Q(sender=place.user_id),
        conversation=place.conversation_id,
        seq__gt=place.last_read_seq,
    )
    talk = news.exclude(message_type=MessageType.OFFER)
    return talk.select_related("sender").in_order().first()


def _tell(conversation: Conversation, place: Participant, first: Message) -> bool:
    Participant.objects.filter(pk=place.pk).update(notified_seq=conversation.last_seq)
    made = notify(
        user=place.user,
        template=NEW_MESSAGE,
        context={"name": first.sender.full_name if first.sender else "Courtyard"},
        dedupe_key=f"{place.pk}:{first.seq}",
        link=f"/api/v1/conversations/{conversation.pk}/",
    )
    return made is not None


def _look_later(conversation_id: UUID, said_at: datetime) -> None:
    """Once what was said at ``said_at`` could have been read."""
    patience = timedelta(seconds=get_setting("message_notice_seconds"))
    defer_once_at(
        f"{JOB}:{conversation_id}",
        said_at + patience,
        JOB,
        conversation_id=conversation_id,
        until=said_at.isoformat(),
    )
