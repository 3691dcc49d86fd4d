"""What processes tell each other about what happened: short texts, never content.

PostgreSQL carries less than 8,000 bytes at a time, so that many events are told in several notes.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

CHANNEL = "courtyard_live"
MAX_BYTES = 7_999
# An event is told by 32 characters of its person, 19 of its number, and two marks.
EVENTS_IN_A_NOTE = 140


@dataclass(frozen=True, slots=True)
class Happened:
    """Events were written: whose, and their numbers."""

    events: tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class Passing:
    """Something that only counts now, for whoever follows a topic."""

    topic: str
    event: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recheck:
    """Sessions of somebody have ended."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class Mark:
    """Whoever hears this has heard all transactions before ``horizon``."""

    horizon: int
    seconds: int


Note = Happened | Passing | Recheck | Mark


def notes_of_events(events: Sequence[tuple[UUID, int]]) -> Iterator[str]:
    """The notes that tell of events, each short enough."""
    for start in range(0, len(events), EVENTS_IN_A_NOTE):
        part = events[start : start + EVENTS_IN_A_NOTE]
        yield "e " + ",".join(f"{user_id.hex}:{number}" for user_id, number in part)


def note_of_passing(topic: str, event: str, data: dict[str, Any]) -> str:
    """The note of what only counts now. Raises ``ValueError`` for more than a note can hold."""
    note = "p " + json.dumps([topic, event, data], separators=(",", ":"))
    if len(note.encode()) > MAX_BYTES:
        raise ValueError(f"{event} says too much to be told in passing.")
    return note


def note_of_recheck(user_id: UUID) -> str:
    """The note after which sockets of somebody are looked at again."""
    return f"r {user_id.hex}"


def read_note(text: str) -> Note | None:
    """What a note says; None for one of another version of Courtyard."""
    kind, _, rest = text.partition(" ")
    try:
        match kind:
            case "e":
                pairs = (pair.split(":") for pair in rest.split(","))
                return Happened(tuple((UUID(user), int(number)) for user, number in pairs))
            case "p":
                topic, event, data = json.loads(rest)
                return Passing(topic, event, data)
            case "r":
                return Recheck(UUID(rest))
            case "m":
                horizon, seconds = rest.split()
                return Mark(int(horizon), int(seconds))
    except ValueError:
        return None
    return None
