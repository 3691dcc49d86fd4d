"""What sockets may follow beyond what is told to their person: conversations and streams."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounts.models import Block, User
from catalog.models import Stream
from messaging.models import Conversation, Participant

CONVERSATION = "conversation"
STREAM = "stream"


def topic_named(text: str) -> tuple[str, UUID] | None:
    """The kind and the key of a topic such as ``stream:<id>``, or None."""
    kind, _, key = text.partition(":")
    if kind not in {CONVERSATION, STREAM} or len(key) != 36:
        return None
    try:
        return kind, UUID(key)
    except ValueError:
        return None


def may_follow(*, user_id: UUID, topic: str) -> bool:
    """Whether somebody may hear what passes in a topic."""
    found = topic_named(topic)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if found is None or user is None:
        return False
    kind, key = found
    if kind == STREAM:
        return Stream.objects.visible_to(user).filter(pk=key).exists()
    seen = Conversation.objects.visible_to(user).filter(pk=key).exists()
    return seen and _takes_part(user, key)


def still_takes_part(pairs: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Those (person, conversation) of ``pairs`` where the person has not left, and has no block
    with any of the others."""
    there = Participant.objects.present().filter(conversation=OuterRef(OuterRef("conversation")))
    others = there.order_by().values("user")
    blocks = Block.objects.filter(
        Q(blocker=OuterRef("user"), blocked__in=others)
        | Q(blocked=OuterRef("user"), blocker__in=others)
    )
    places = Participant.objects.present().filter(
        ~Exists(blocks),
        user__in={user for user, _ in pairs},
        conversation__in={key for _, key in pairs},
    )
    found = set(places.order_by().values_list("user_id", "conversation_id"))
    return found.intersection(pairs)


def _takes_part(user: User, key: UUID) -> bool:
    places = Participant.objects.present().filter(conversation=key)
    people = set(places.order_by().values_list("user_id", flat=True))
    if user.pk not in people:
        return False
    blocks = Block.objects.filter(
        Q(blocker=user, blocked__in=people) | Q(blocked=user, blocker__in=people)
    )
    return not blocks.exists()
