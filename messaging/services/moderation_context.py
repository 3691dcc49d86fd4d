"""What the staff see of a conversation, and what they do about it: through a report alone."""

from dataclasses import dataclass

from accounts.models import User
from config.shared import audit
from config.shared.errors import NotAllowedError
from config.shared.locks import lock
from config.shared.retries import retry_transaction
from messaging.models import Conversation, Message, Report
from messaging.services.message_changes import empty, lock_with_files
from messaging.services.messages import post_system

AROUND = 10
MOST_AROUND = 10
CLOSED_CODE = "conversation_closed"
REOPENED_CODE = "conversation_reopened"
CLOSED = "The staff have closed this conversation. It can be read, and nothing more is said in it."
REOPENED = "The staff have opened this conversation again."


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A reported message and what was said around it, in order."""

    message: Message
    messages: list[Message]


@retry_transaction
def messages_around(*, message: Message, staff: User, count: int = AROUND) -> Excerpt:
    """The reported ``message`` with up to ``count`` others around it; that it was seen is written.

    As many before as after it, and more of one side where the other has fewer. Raises
    ``NotAllowedError`` for whoever does not look into reports, and for a message that nobody has
    reported.
    """
    may = staff.is_active and staff.is_staff and staff.has_perm("messaging.view_report")
    if not may or not Report.objects.filter(target_id=message.pk).exists():
        raise NotAllowedError("Messages are read through a report about them.")
    count = min(count, MOST_AROUND)
    rows = Message.objects.filter(conversation=message.conversation_id)
    rows = rows.select_related("sender__avatar", "removed_by").prefetch_related("images")
    before = list(rows.filter(seq__lt=message.seq).latest_first()[:count])
    after = list(rows.filter(seq__gt=message.seq).in_order()[:count])
    half = count // 2
    fewer_after = min(len(after), half)
    taken = min(len(before), count - fewer_after)
    around = [*reversed(before[:taken]), rows.get(pk=message.pk), *after[: count - taken]]
    audit.record(
        "messaging.message.read_by_staff",
        target=message,
        actor=staff,
        after={"from_seq": around[0].seq, "to_seq": around[-1].seq},
    )
    return Excerpt(message, around)


@retry_transaction
def remove_message(*, message: Message, actor: User, reason: str) -> Message:
    """Take down what somebody said; its place stays. Doing it again changes nothing."""
    _, message, files = lock_with_files(message)
    if message.deleted_at is None:
        empty(message, files, removed_by=actor)
        audit.record("messaging.message.removed", target=message, actor=actor, reason=reason)
    return message


@retry_transaction
def close_conversation(*, conversation: Conversation, actor: User, reason: str) -> Conversation:
    """Let nobody say anything more in a conversation; all of it stays to be read."""
    return _set_closed(conversation, actor, reason, closed=True)


@retry_transaction
def reopen_conversation(*, conversation: Conversation, actor: User, reason: str) -> Conversation:
    """Let people talk again."""
    return _set_closed(conversation, actor, reason, closed=False)


def _set_closed(
    conversation: Conversation, actor: User, reason: str, *, closed: bool
) -> Conversation:
    (conversation,) = lock(conversation)
    if conversation.is_closed == closed:
        return conversation
    conversation.is_closed = closed
    conversation.save(update_fields=["is_closed", "updated_at"])
    post_system(
        conversation=conversation,
        content=CLOSED if closed else REOPENED,
        code=CLOSED_CODE if closed else REOPENED_CODE,
    )
    audit.record(
        f"messaging.conversation.{'closed' if closed else 'reopened'}",
        target=conversation,
        actor=actor,
        before={"is_closed": not closed},
        after={"is_closed": closed},
        reason=reason,
    )
    conversation.refresh_from_db()
    return conversation
