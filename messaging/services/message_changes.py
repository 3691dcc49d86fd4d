"""Changing what one said, and taking it back."""

from datetime import timedelta
from typing import Any

from accounts.models import MediaFile, User
from accounts.services import media
from accounts.services.settings import get_setting
from config.shared import realtime
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError
from config.shared.locks import lock
from config.shared.retries import retry_transaction
from messaging.choices import MessageType
from messaging.conversation_exceptions import (
    ConversationClosedError,
    EditTimeOverError,
    MessageGoneError,
    NotYoursToChangeError,
)
from messaging.models import Conversation, Message
from messaging.services.contact_details import warnings_of
from messaging.services.messages import TYPED, about, count_message, people_of
from messaging.services.talkers import check_may_write, place_of


def edit_message(*, message: Message, actor: User, content: str) -> Message:
    """Change the text of one's own message, for some minutes after it was sent; it is marked.

    Counts as a message of the minute. Raises ``NotYoursToChangeError``, ``MessageGoneError``,
    ``EditTimeOverError``, ``ConversationClosedError``, ``NotReachableError``,
    ``NotTakingPartError``, ``TooManyRequestsError`` and ``InvalidInputError`` for a text without
    a word.
    """
    _check_own(message, actor)
    count_message(actor)
    return _edit(message, actor, content.strip())


@retry_transaction
def delete_message(*, message: Message, actor: User) -> Message:
    """Take back one's own text or picture: its place stays, and says nothing.

    Also where nothing may be said any more. Doing it again changes nothing.
    Raises ``NotYoursToChangeError``.
    """
    _check_own(message, actor)
    _, message, files = lock_with_files(message)
    place_of(conversation=message.conversation, user=actor)
    if message.deleted_at is None:
        empty(message, files)
    return message


def lock_with_files(message: Message) -> tuple[Conversation, Message, list[MediaFile]]:
    """The conversation, the message and its pictures, locked in the global order."""
    pictures = list(message.images.all())
    *_, conversation, message = lock(*pictures, message.conversation, message)
    return conversation, message, pictures


def empty(message: Message, files: list[MediaFile], **changes: Any) -> None:
    """Leave of a locked message its place alone."""
    message.images.clear()
    for picture in files:
        media.discard(picture)
    message.content, message.offer_data, message.flags = "", {}, []
    message.deleted_at = database_now()
    for name, value in changes.items():
        setattr(message, name, value)
    message.save(
        update_fields=["content", "offer_data", "flags", "deleted_at", "updated_at", *changes]
    )
    realtime.publish(
        users=people_of(message.conversation), event="message.deleted", data=about(message)
    )


@retry_transaction
def _edit(message: Message, actor: User, content: str) -> Message:
    conversation, message = lock(message.conversation, message)
    if message.deleted_at is not None:
        raise MessageGoneError
    check_may_write(conversation=conversation, user=actor)
    if conversation.is_closed:
        raise ConversationClosedError
    now = database_now()
    minutes = get_setting("message_edit_minutes")
    if now > message.created_at + timedelta(minutes=minutes):
        raise EditTimeOverError(minutes=minutes)
    if not content and message.message_type == MessageType.TEXT:
        raise InvalidInputError.at("/content", "blank", "Say something, or delete the message.")
    if content == message.content:
        return message
    message.content, message.edited_at = content, now
    # What was warned of once is not unsaid by a change.
    message.flags = sorted({*message.flags, *warnings_of(conversation, content)})
    message.save(update_fields=["content", "edited_at", "flags", "updated_at"])
    realtime.publish(users=people_of(conversation), event="message.edited", data=about(message))
    return message


def _check_own(message: Message, actor: User) -> None:
    if message.sender_id != actor.pk or message.message_type not in TYPED:
        raise NotYoursToChangeError
