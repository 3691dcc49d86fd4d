"""Rows of conversations for the demo, each as the services could have left it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model

from accounts.models import User
from catalog.models import Product
from config.shared.seeding import Seed
from messaging.choices import ConversationKind, MessageType, ParticipantRole
from messaging.models import Conversation, Message, Participant

LONG = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said, so many hours after the one before it."""

    sender: User | None
    content: str
    hours: float = 0.1
    kind: MessageType = MessageType.TEXT
    offer: UUID | None = None
    offer_data: Mapping[str, Any] = field(default_factory=dict)
    flags: Sequence[str] = ()
    is_edited: bool = False
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation with everything in it; ``topic`` names it in the seed."""

    seed: Seed
    topic: tuple[Any, ...]
    kind: ConversationKind
    roles: Mapping[User, ParticipantRole]
    lines: Sequence[Line]
    began: datetime
    product: Product | None = None
    subject: tuple[str, UUID] | None = None
    unread: int = 0
    archived: Sequence[User] = ()
    muted: Sequence[User] = ()

    @property
    def key(self) -> UUID:
        """The key of the conversation."""
        return self.seed.key("conversation", *self.topic)

    def message_key(self, place: int) -> UUID:
        """The key of the message at ``place``, from 0."""
        return self.seed.key("message", *self.topic, place)

    def times(self) -> list[datetime]:
        """When each line was said; none of them is still to come."""
        at, found = self.began, []
        for line in self.lines:
            at += timedelta(hours=line.hours)
            found.append(min(at, self.seed.present))
        return found

    @property
    def pair(self) -> str:
        """The people of a conversation between two."""
        two: dict[ConversationKind, Sequence[User | None]] = {
            ConversationKind.DIRECT: list(self.roles),
            ConversationKind.SUPPORT: list(self.roles)[:1],
            ConversationKind.PRODUCT: [self.person(ParticipantRole.BUYER)],
        }
        return ":".join(sorted(str(user.pk) for user in two.get(self.kind, []) if user))

    def person(self, role: ParticipantRole) -> User | None:
        """Whoever has this role, if it is a conversation about a product."""
        if self.kind != ConversationKind.PRODUCT:
            return None
        return next(user for user, known in self.roles.items() if known == role)


def rows_of(talk: Talk) -> Iterator[Model]:
    """The conversation, who takes part, and what they said."""
    times = talk.times()
    last = len(talk.lines)
    label, subject = talk.subject or ("", None)
    yield Conversation(
        id=talk.key,
        kind=talk.kind,
        product=talk.product,
        subject_type=label,
        subject_id=subject,
        pair_key=talk.pair,
        buyer=talk.person(ParticipantRole.BUYER),
        seller=talk.person(ParticipantRole.SELLER),
        last_message_id=talk.message_key(last - 1) if last else None,
        last_message_at=times[-1] if last else talk.began,
        last_seq=last,
        created_at=talk.began,
    )
    for user, role in talk.roles.items():
        yield _place(talk, user, role, times)
    for place, line in enumerate(talk.lines):
        yield _message(talk, place, line, times[place])


def _place(talk: Talk, user: User, role: ParticipantRole, times: Sequence[datetime]) -> Participant:
    last = len(talk.lines)
    spoke = talk.lines[-1].sender == user if last else True
    read = last if spoke else last - talk.unread
    return Participant(
        id=talk.seed.key("participant", *talk.topic, user.pk),
        conversation_id=talk.key,
        user=user,
        role=role,
        last_read_seq=read,
        last_read_at=times[read - 1] if read else None,
        notified_seq=last,
        is_archived=user in talk.archived,
        muted_until=talk.seed.present + LONG if user in talk.muted else None,
        joined_at=talk.began,
    )


def _message(talk: Talk, place: int, line: Line, at: datetime) -> Message:
    return Message(
        id=talk.message_key(place),
        conversation_id=talk.key,
        seq=place + 1,
        sender=line.sender,
        message_type=line.kind,
        content="" if line.is_deleted else line.content,
        offer_id=line.offer,
        offer_data={} if line.is_deleted else dict(line.offer_data),
        flags=list(line.flags),
        edited_at=at + timedelta(minutes=3) if line.is_edited else None,
        deleted_at=at + timedelta(minutes=1) if line.is_deleted else None,
        created_at=at,
    )
