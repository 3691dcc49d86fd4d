"""What PostgreSQL's refusals mean to whoever asked."""

from django.db import DataError, Error, IntegrityError, InterfaceError, OperationalError

from config.shared.constraints import integrity_problem
from config.shared.errors import DomainError, InvalidInputError, UnavailableError

LOCK_NOT_AVAILABLE = "55P03"
SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
QUERY_CANCELED = "57014"
BUSY = frozenset({LOCK_NOT_AVAILABLE, SERIALIZATION_FAILURE, DEADLOCK_DETECTED})
DOWN = ("08", "53", "57P")
BUSY_RETRY_AFTER = 1
DOWN_RETRY_AFTER = 5


class BusyError(UnavailableError):
    """Others held the same rows for longer than a request may wait."""

    code = "busy"
    title = "Others are changing the same thing"


class OutOfRangeError(InvalidInputError):
    """PostgreSQL could not hold a value that validation let through."""

    code = "out_of_range"
    title = "A value cannot be stored"


def sqlstate(error: BaseException) -> str:
    """The five characters that PostgreSQL classifies ``error`` by; "" when it said nothing."""
    return getattr(error.__cause__, "sqlstate", None) or getattr(error, "sqlstate", None) or ""


def database_problem(error: Error) -> DomainError | None:
    """The refusal that a database error stands for; None for what is a fault of our own."""
    state = sqlstate(error)
    if isinstance(error, IntegrityError):
        return integrity_problem(error)
    if isinstance(error, DataError):
        return OutOfRangeError("A value is out of range or has characters that cannot be stored.")
    if state in BUSY:
        return BusyError(retry_after=BUSY_RETRY_AFTER)
    if state == QUERY_CANCELED or state.startswith(DOWN):
        return UnavailableError(retry_after=DOWN_RETRY_AFTER)
    if not state and isinstance(error, OperationalError | InterfaceError):
        return UnavailableError(retry_after=DOWN_RETRY_AFTER)
    return None
