"""Who is typing: told to whoever is there, and kept nowhere."""

from accounts.models import User
from config.shared import realtime
from messaging.conversation_exceptions import ConversationClosedError
from messaging.models import Conversation
from messaging.services.talkers import check_may_write


def tell_typing(*, conversation: Conversation, user: User) -> None:
    """Let the others know that ``user`` is typing.

    Raises what saying something would: whoever may not write does not type either.
    """
    check_may_write(conversation=conversation, user=user)
    if conversation.is_closed:
        raise ConversationClosedError
    realtime.broadcast(
        topic=f"conversation:{conversation.pk}",
        event="typing",
        data={"conversation": conversation.pk, "user": user.pk},
    )
