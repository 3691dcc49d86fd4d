"""What people ask the staff, and what these answer."""

from accounts.models import User
from config.shared.errors import NotAllowedError
from config.shared.retries import retry_transaction
from messaging.choices import ConversationKind, ParticipantRole
from messaging.models import Conversation, Message
from messaging.services.messages import post_message
from messaging.services.reading import mark_read
from messaging.services.seats import seat_people

MOST_SHOWN = 100


@retry_transaction
def answer_support(*, conversation: Conversation, actor: User, content: str) -> Message:
    """Answer somebody who asked the staff; whoever does takes part from then on, by name.

    Raises ``NotAllowedError`` for others than those who answer for the staff, and in any other
    conversation, ``ConversationClosedError``.
    """
    check_answers(conversation=conversation, actor=actor)
    seat_people(conversation=conversation, people={actor: ParticipantRole.STAFF})
    said = post_message(conversation=conversation, sender=actor, content=content)
    mark_read(conversation=conversation, user=actor)
    return said


def check_answers(*, conversation: Conversation, actor: User) -> None:
    """Raise ``NotAllowedError`` unless ``actor`` answers for the staff here."""
    may = actor.is_active and actor.is_staff and actor.has_perm("messaging.answer_support")
    if not may or conversation.kind != ConversationKind.SUPPORT:
        raise NotAllowedError("Only what people ask the staff is answered, by those who may.")


def said_in_support(*, conversation: Conversation) -> list[Message]:
    """What was said in a conversation with the staff, the last hundred messages, in order; nothing
    of any other."""
    rows = Message.objects.filter(
        conversation=conversation, conversation__kind=ConversationKind.SUPPORT
    )
    return list(reversed(rows.select_related("sender").latest_first()[:MOST_SHOWN]))
