"""Saying something in a conversation, in an order that never changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.choices import MediaPurpose
from accounts.models import MediaFile, User
from accounts.services.attachments import PICTURES, attach_file
from accounts.services.settings import get_setting
from config.shared import limits, realtime
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError
from config.shared.locks import lock
from config.shared.retries import retry_transaction
from messaging.choices import MessageType
from messaging.conversation_exceptions import ClientIdUsedError, ConversationClosedError
from messaging.models import Conversation, Message, Participant
from messaging.services.contact_details import warnings_of
from messaging.services.message_notices import arrange_notice
from messaging.services.seats import seat_present_team
from messaging.services.talkers import check_may_write

MINUTE_SECONDS = 60
# What people type; offers and notes of the system are not counted.
TYPED = frozenset({MessageType.TEXT, MessageType.IMAGE})


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, and whether it was sent just now or had been before."""

    message: Message
    is_new: bool


def send_message(
    *,
    conversation: Conversation,
    sender: User,
    content: str = "",
    client_id: str = "",
    images: Sequence[MediaFile] = (),
) -> Sent:
    """Send what somebody typed, within the limit of messages a minute.

    The same ``client_id`` with the same content is the message that was sent already: it counts
    once. Raises ``TooManyRequestsError`` and whatever ``post_message`` does.
    """
    kind = MessageType.IMAGE if images else MessageType.TEXT
    wanted = _Wanted(kind, content.strip(), client_id, tuple(images))
    known = _sent_before(conversation, sender, wanted)
    if known is not None:
        return Sent(known, is_new=False)
    count_message(sender)
    return _say(conversation, sender, wanted)


def post_message(
    *,
    conversation: Conversation,
    sender: User,
    content: str = "",
    message_type: MessageType = MessageType.TEXT,
    client_id: str = "",
    images: Iterable[MediaFile] = (),
    offer_id: UUID | None = None,
    offer_data: Mapping[str, Any] | None = None,
) -> Message:
    """Say something in ``conversation``, which is locked, so that places have no holes.

    Joins an open transaction; a service that locks more locks the conversation along with it.

    Raises ``ConversationClosedError``, ``NotTakingPartError``, ``NotReachableError`` where either
    has shut the other out, ``ClientIdUsedError``, ``InvalidInputError`` for an empty message or
    files that cannot be sent.
    """
    wanted = _Wanted(
        message_type,
        content.strip(),
        client_id,
        tuple(images),
        offer_id=offer_id,
        offer_data=dict(offer_data or {}),
        is_told=message_type == MessageType.OFFER,
    )
    return _say(conversation, sender, wanted).message


@retry_transaction
def post_system(
    *, conversation: Conversation, content: str, code: str = "", is_told: bool = False
) -> Message:
    """Have Courtyard itself say something, also where nobody else may any more.

    ``code`` names what is said, for clients that say it in their own language. With ``is_told``
    whoever it concerns has a notification of its own, and needs none of a new message.
    """
    (conversation,) = lock(conversation)
    flags = (code,) if code else ()
    wanted = _Wanted(MessageType.SYSTEM, content.strip(), flags=flags, is_told=is_told)
    return _add(conversation, None, wanted)


def count_message(sender: User) -> None:
    """Count something typed; raises ``TooManyRequestsError`` beyond so many a minute."""
    limits.enforce(
        f"messages:{sender.pk}",
        limit=get_setting("messages_per_minute"),
        window_seconds=MINUTE_SECONDS,
    )


def people_of(conversation: Conversation) -> list[UUID]:
    """Whose clients are told of what happens in ``conversation``."""
    there = Participant.objects.present().filter(conversation=conversation)
    return list(there.order_by().values_list("user_id", flat=True))


def about(message: Message) -> dict[str, Any]:
    """What clients are told of a message: where it is, never what it says."""
    return {
        "conversation": message.conversation_id,
        "message": message.pk,
        "seq": message.seq,
        "sender": message.sender_id,
    }


@dataclass(frozen=True, slots=True)
class _Wanted:
    kind: MessageType
    content: str
    client_id: str = ""
    images: tuple[MediaFile, ...] = ()
    offer_id: UUID | None = None
    offer_data: dict[str, Any] | None = None
    flags: tuple[str, ...] = ()
    # Whether people are told of it in another way.
    is_told: bool = False


@retry_transaction
def _say(conversation: Conversation, sender: User, wanted: _Wanted) -> Sent:
    *_, conversation = lock(*wanted.images, conversation)
    known = _sent_before(conversation, sender, wanted)
    if known is not None:
        return Sent(known, is_new=False)
    seat_present_team(conversation)
    check_may_write(conversation=conversation, user=sender)
    if conversation.is_closed:
        raise ConversationClosedError
    if wanted.kind in TYPED and not (wanted.content or wanted.images):
        raise InvalidInputError.at("/content", "blank", "Say something, or send a picture.")
    return Sent(_add(conversation, sender, wanted), is_new=True)


def _sent_before(conversation: Conversation, sender: User, wanted: _Wanted) -> Message | None:
    """The message that was sent by this client id. Raises ``ClientIdUsedError`` for another."""
    if not wanted.client_id:
        return None
    found = Message.objects.filter(
        conversation=conversation, sender=sender, client_id=wanted.client_id
    ).first()
    if found is None or found.edited_at or found.deleted_at:
        return found
    pictures = {picture.pk for picture in wanted.images}
    same = (
        found.content == wanted.content
        and found.message_type == wanted.kind
        and found.offer_id == wanted.offer_id
        and set(found.images.values_list("pk", flat=True)) == pictures
    )
    if not same:
        raise ClientIdUsedError(message=found)
    return found


def _add(conversation: Conversation, sender: User | None, wanted: _Wanted) -> Message:
    """The message at the next place; the conversation is locked."""
    now = database_now()
    written = wanted.kind != MessageType.SYSTEM
    flags = warnings_of(conversation, wanted.content) if written else list(wanted.flags)
    message = Message.objects.create(
        conversation=conversation,
        seq=conversation.last_seq + 1,
        sender=sender,
        message_type=wanted.kind,
        content=wanted.content,
        client_id=wanted.client_id,
        offer_id=wanted.offer_id,
        offer_data=wanted.offer_data or {},
        flags=flags,
        created_at=now,
    )
    if sender is not None:
        _attach(message, sender, wanted.images)
    _show_first(conversation, message, now)
    if not wanted.is_told:
        arrange_notice(conversation=conversation, sender=sender, now=now)
    realtime.publish(users=people_of(conversation), event="message.created", data=about(message))
    return message


def _attach(message: Message, sender: User, images: Sequence[MediaFile]) -> None:
    for place, picture in enumerate(images):
        attach_file(
            file=picture,
            owner=sender,
            target=message,
            pointer=f"/images/{place}",
            kinds=PICTURES,
            purposes={MediaPurpose.MESSAGE},
        )
    if images:
        message.images.set(images)


def _show_first(conversation: Conversation, message: Message, now: datetime) -> None:
    """The conversation comes first in everybody's list, also where it was put away."""
    conversation.last_seq = message.seq
    conversation.last_message = message
    conversation.last_message_at = now
    conversation.save(update_fields=["last_seq", "last_message", "last_message_at", "updated_at"])
    archived = Participant.objects.filter(conversation=conversation, is_archived=True)
    archived.update(is_archived=False)
