"""What streams refuse, each with a code that clients can rely on."""

from config.shared.errors import ConflictError, NotAllowedError, UnavailableError


class LiveVideoOffError(UnavailableError):
    """This site has no media server: streams are scheduled, and recordings are played."""

    code = "live_video_off"
    title = "Live video is switched off here"

    def __init__(self) -> None:
        super().__init__(
            "This site has no live video. Streams can be scheduled, and recordings shown.",
            retry_after=None,
        )


class PhoneUnverifiedError(NotAllowedError):
    """Who shows something to others has proved a phone number."""

    code = "phone_verification_required"
    title = "Please verify your phone number first"


class LiveAlreadyError(ConflictError):
    """One person has one live stream at a time."""

    code = "live_already"
    title = "You are live with another stream"


class PermanentKeyMissingError(ConflictError):
    """A stream that uses the permanent key needs one."""

    code = "permanent_key_missing"
    title = "You have no permanent key yet"


class PermanentKeyUsedError(ConflictError):
    """This stream has no key of its own."""

    code = "permanent_key_used"
    title = "This stream uses your permanent key"


class NotShowingError(ConflictError):
    """There is nothing to watch."""

    code = "not_showing"
    title = "There is nothing to watch now"


class PinLimitError(ConflictError):
    """A stream has so many pins at most."""

    code = "pin_limit_reached"
    title = "This stream has as many pins as a stream can have"


class PinsDifferError(ConflictError):
    """An order names all pins of a stream, each once."""

    code = "pins_differ"
    title = "The stream has other pins by now"
