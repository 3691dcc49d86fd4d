"""How far a client has followed what happened: the text that it gives back to go on from there."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import connections

_SHAPE = re.compile(r"[0-9]{1,19}\.[0-9]{1,12}(\.[0-9]{1,19}\.[0-9]{1,19})?")
HIGHEST = 2**63 - 1
# How long the text can become.
MAX_LENGTH = 73


@dataclass(frozen=True, slots=True)
class Position:
    """A place in what happened: all transactions before ``horizon`` are over and were told.

    Args:
        horizon: the oldest transaction that was open at the time.
        seconds: that time, of the database's clock, in seconds since 1970.
        after: within a walk over several pages, the transaction and the number of the last event
            that was read; the walk ends at ``horizon``.
    """

    horizon: int
    seconds: int
    after: tuple[int, int] | None = None

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The position that ``str()`` made ``text`` of, or None."""
        if len(text) > MAX_LENGTH or not _SHAPE.fullmatch(text):
            return None
        numbers = [int(part) for part in text.split(".")]
        if max(numbers) > HIGHEST:
            return None
        after = (numbers[2], numbers[3]) if len(numbers) == 4 else None
        return cls(numbers[0], numbers[1], after)

    @classmethod
    def at(cls, horizon: int, time: datetime) -> Self:
        """The position that an event carries."""
        return cls(horizon, int(time.timestamp()))

    def __str__(self) -> str:
        """The text that clients are given."""
        return ".".join(map(str, (self.horizon, self.seconds, *(self.after or ()))))


def present_position() -> Position:
    """Where somebody stands who knows everything that has been committed so far.

    What is told must be read after this, in a statement of its own.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " extract(epoch FROM clock_timestamp())::bigint"
        )
        horizon, seconds = cursor.fetchone()
    return Position(horizon, seconds)
