"""What appointments refuse with."""

from config.shared.errors import AlreadyClaimedError, ConflictError


class HostBusyError(AlreadyClaimedError):
    """The host's time is taken; ``next_free`` are the next times that they offer."""

    code = "host_busy"
    title = "The host has another appointment then"


class GuestBusyError(AlreadyClaimedError):
    """The guest's time is taken; ``next_free`` are the next times that suit both."""

    code = "guest_busy"
    title = "The guest has another appointment then"


class AlreadyBegunError(ConflictError):
    """The appointment's time has come: it is no longer agreed on, it takes place or it does not."""

    code = "already_begun"
    title = "The appointment has begun"


class NotBegunError(ConflictError):
    """What came of an appointment is said once it has begun."""

    code = "not_begun"
    title = "The appointment has not begun yet"
