"""What a service may refuse with, in words that every way in (API, admin, commands) understands.

A service raises a subclass of ``DomainError``; the API turns it into a problem document
(RFC 9457), the admin into a message, a command into a sentence and exit status 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with the input.

    ``pointer`` is a JSON pointer (RFC 6901) into the body: ``"/rooms/0/area"``, or ``""`` for the
    body as a whole. ``parameter`` names a query parameter instead, and then the pointer is ``""``.
    """

    pointer: str
    code: str
    detail: str
    parameter: str | None = None

    def as_dict(self) -> dict[str, str]:
        """The error as it stands in a problem document."""
        found = {"pointer": self.pointer, "code": self.code, "detail": self.detail}
        return found if self.parameter is None else {**found, "parameter": self.parameter}


class DomainError(Exception):
    """A refusal with a stable ``code``, an HTTP ``status`` and a ``title``.

    ``detail`` is a sentence for the person who asked (the title, when left out), ``retry_after``
    is in seconds, and every further keyword becomes a member of the problem document.
    """

    code: str = "error"
    status: int = 400
    title: str = "The request could not be carried out"

    def __init__(
        self, detail: str | None = None, *, retry_after: int | None = None, **extra: Any
    ) -> None:
        self.detail = detail or f"{self.title}."
        self.retry_after = retry_after
        self.extra = extra
        super().__init__(self.detail)


class InvalidInputError(DomainError):
    """Something in the input is wrong; ``errors`` says what and where."""

    code = "invalid"
    status = 400
    title = "The input is not valid"

    def __init__(
        self, detail: str | None = None, *, errors: Iterable[FieldError] = (), **extra: Any
    ) -> None:
        super().__init__(detail, **extra)
        self.errors = list(errors)

    @classmethod
    def at(cls, pointer: str, code: str, detail: str) -> Self:
        """One error at one place of the body."""
        return cls(detail, errors=[FieldError(pointer, code, detail)])

    @classmethod
    def in_parameter(cls, parameter: str, code: str, detail: str) -> Self:
        """One error in one query parameter."""
        return cls(detail, errors=[FieldError("", code, detail, parameter)])


class NotAuthenticatedError(DomainError):
    """Nobody is signed in, or what they showed no longer counts."""

    code = "not_authenticated"
    status = 401
    title = "Please sign in"


class NotAllowedError(DomainError):
    """The thing is visible, but this act is not for this person."""

    code = "not_allowed"
    status = 403
    title = "You may not do this"


class MissingError(DomainError):
    """The thing does not exist, or not for this person: the two cannot be told apart."""

    code = "not_found"
    status = 404
    title = "Not found"


class ConflictError(DomainError):
    """The state of things does not allow it."""

    code = "conflict"
    status = 409
    title = "This conflicts with the present state"


class InvalidTransitionError(ConflictError):
    """A state machine has no such move; the document carries ``current`` and ``allowed``."""

    code = "invalid_transition"
    title = "The present state does not allow this"

    def __init__(
        self, current: str, allowed: Iterable[str], detail: str | None = None, **extra: Any
    ) -> None:
        self.current = str(current)
        self.allowed = sorted(str(state) for state in allowed)
        super().__init__(detail, current=self.current, allowed=self.allowed, **extra)


class AlreadyClaimedError(ConflictError):
    """Somebody else has it."""

    code = "already_claimed"
    title = "Somebody else already has this"


class StaleError(DomainError):
    """The caller last saw an older version than the one that would be changed."""

    code = "stale"
    status = 412
    title = "This has changed since you last read it"


class TooManyRequestsError(DomainError):
    """A quota or a rate is used up; ``retry_after`` says for how long."""

    code = "too_many_requests"
    status = 429
    title = "Too many requests"


class UnavailableError(DomainError):
    """A part of the platform is down or busy; the same request may succeed later."""

    code = "unavailable"
    status = 503
    title = "Temporarily unavailable"

    def __init__(
        self, detail: str | None = None, *, retry_after: int | None = 5, **extra: Any
    ) -> None:
        super().__init__(detail, retry_after=retry_after, **extra)


class OutsideServiceError(UnavailableError):
    """A service of somebody else (SMS, payments, storage) failed or could not be reached."""

    code = "outside_service"
    status = 502
    title = "An outside service did not answer"
