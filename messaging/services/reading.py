"""How somebody keeps a conversation: read so far, put away, silent."""

from datetime import UTC, datetime, timedelta

from accounts.models import User
from config.shared import realtime
from config.shared.clock import database_now
from config.shared.retries import retry_transaction
from messaging.models import Conversation, Participant, ReadMark
from messaging.services.messages import people_of
from messaging.services.talkers import place_of

# How long "for ever" lasts.
FOR_EVER = datetime(9999, 12, 31, tzinfo=UTC)


@retry_transaction
def mark_read(*, conversation: Conversation, user: User, seq: int | None = None) -> Participant:
    """Note that ``user`` has read as far as message ``seq``, or to the end.

    Never further than there are messages, and never back: of two clients at once the one that
    read more counts.
    """
    place = place_of(conversation=conversation, user=user)
    end = Conversation.objects.values_list("last_seq", flat=True).get(pk=conversation.pk)
    if place.left_seq is not None:
        end = min(end, place.left_seq)
    target = end if seq is None else min(seq, end)
    now = database_now()
    behind = Participant.objects.filter(pk=place.pk, last_read_seq__lt=target)
    if behind.update(last_read_seq=target, last_read_at=now):
        ReadMark.objects.create(conversation=conversation, user=user, seq=target, at=now)
        realtime.publish(
            users=people_of(conversation),
            event="conversation.read",
            data={"conversation": conversation.pk, "user": user.pk, "seq": target},
        )
    place.refresh_from_db()
    return place


def archive(*, conversation: Conversation, user: User) -> None:
    """Put a conversation away, for oneself alone and until something new is said in it."""
    _keep(conversation, user, is_archived=True)


def unarchive(*, conversation: Conversation, user: User) -> None:
    """Take a conversation out again."""
    _keep(conversation, user, is_archived=False)


def mute(*, conversation: Conversation, user: User, hours: int | None = None) -> None:
    """Be told nothing of new messages, for so many hours or for ever; they still come."""
    until = FOR_EVER if hours is None else database_now() + timedelta(hours=hours)
    _keep(conversation, user, muted_until=until)


def unmute(*, conversation: Conversation, user: User) -> None:
    """Be told of new messages again."""
    _keep(conversation, user, muted_until=None)


@retry_transaction
def _keep(conversation: Conversation, user: User, **changes: bool | datetime | None) -> None:
    place = place_of(conversation=conversation, user=user)
    Participant.objects.filter(pk=place.pk).update(**changes)
