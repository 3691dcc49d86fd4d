"""What conversations refuse, each with a code that clients can rely on."""

from typing import Any

from config.shared.errors import ConflictError, NotAllowedError


class ConversationClosedError(ConflictError):
    """The conversation was closed: it can be read, and nothing is said in it any more."""

    code = "conversation_closed"
    title = "This conversation is closed"

    def __init__(self) -> None:
        super().__init__(current="closed", allowed=[])


class NotReachableError(NotAllowedError):
    """The other person cannot be written to; why is theirs alone to know."""

    code = "not_reachable"
    title = "You cannot write to this person"


class NotTakingPartError(NotAllowedError):
    """They took part once and left."""

    code = "not_taking_part"
    title = "You do not take part in this conversation any more"


class ClientIdUsedError(ConflictError):
    """The sender's own name for a message stands for another one already."""

    code = "client_id_used"
    title = "You have sent another message by this client id"

    def __init__(self, *, message: Any) -> None:
        super().__init__(message=str(message.pk), seq=message.seq)


class MessageGoneError(ConflictError):
    """The message was deleted."""

    code = "message_deleted"
    title = "This message was deleted"

    def __init__(self) -> None:
        super().__init__(current="deleted", allowed=[])


class EditTimeOverError(ConflictError):
    """A message can be changed for some minutes only."""

    code = "edit_time_over"
    title = "This message can no longer be changed"


class NotYoursToChangeError(NotAllowedError):
    """Only one's own texts and pictures are changed or deleted."""

    code = "not_yours"
    title = "Only your own texts and pictures can be changed or deleted"
