"""Who may say something in a conversation at this moment."""

from accounts.models import User
from accounts.querysets.connections import without_blocks
from config.shared.errors import MissingError
from messaging.choices import ConversationKind
from messaging.conversation_exceptions import NotReachableError, NotTakingPartError
from messaging.models import Conversation, Participant

# Between two people: it takes both. With a builder or the staff it goes on whatever happens.
PERSONAL = frozenset(
    {ConversationKind.DIRECT, ConversationKind.PRODUCT, ConversationKind.APPOINTMENT}
)


def place_of(*, conversation: Conversation, user: User) -> Participant:
    """The place of ``user``. Raises ``MissingError`` for whoever never took part."""
    places = Participant.objects.seated(user).filter(conversation=conversation)
    found: Participant | None = places.first()
    if found is None:
        raise MissingError
    return found


def check_may_write(*, conversation: Conversation, user: User) -> None:
    """Raise ``MissingError``, ``NotTakingPartError`` or ``NotReachableError``."""
    if place_of(conversation=conversation, user=user).left_at is not None:
        raise NotTakingPartError
    if conversation.kind not in PERSONAL:
        return
    others = conversation.participants.exclude(user=user).values_list("user_id", flat=True)
    there = without_blocks(User.objects.active().filter(pk__in=list(others)), user)
    if there.count() != len(others):
        raise NotReachableError
