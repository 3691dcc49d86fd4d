"""The frames of the WebSocket as they are written and read (docs/websocket.md)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from messaging.models import LiveEvent
from messaging.services.live_topics import topic_named
from messaging.services.positions import Position

MAX_BYTES = 16 * 1024


class JunkError(ValueError):
    """A frame that no client of ours sends; ``code`` and the text tell its author why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class Request:
    """What a client wants: its ``kind``, and the one value that belongs to it."""

    kind: str
    value: Any = None


def written(kind: str, **members: Any) -> str:
    """A frame as text; members that are None are left out."""
    given = {name: value for name, value in members.items() if value is not None}
    return orjson.dumps({"type": kind, **given}, option=orjson.OPT_UTC_Z).decode()


def event(happened: LiveEvent, position: Position) -> str:
    """The frame of something that happened."""
    return written(
        "event",
        id=happened.pk,
        event=happened.type,
        data=happened.data,
        at=happened.created_at,
        position=str(position),
    )


def read_request(text: str) -> Request:
    """What a frame asks for. Raises ``JunkError``."""
    if len(text) > MAX_BYTES:
        raise JunkError("too_large", "A frame has at most 16 KB.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise JunkError("not_json", "A frame is a JSON object.") from error
    if not isinstance(document, dict):
        raise JunkError("not_an_object", "A frame is a JSON object.")
    kind = document.get("type")
    if not isinstance(kind, str) or kind not in _VALUES:
        raise JunkError("unknown_type", f"Known types: {', '.join(sorted(_VALUES))}.")
    return Request(kind, _VALUES[kind](document))


def _nothing(document: dict[str, Any]) -> None:
    return None


def _topic(document: dict[str, Any]) -> str:
    text = document.get("topic")
    found = topic_named(text) if isinstance(text, str) else None
    if found is None:
        raise JunkError("invalid_topic", "A topic is conversation:<id> or stream:<id>.")
    return f"{found[0]}:{found[1]}"


def _conversation(document: dict[str, Any]) -> str:
    return _topic({"topic": f"conversation:{document.get('conversation')}"})


def _position(document: dict[str, Any]) -> Position:
    text = document.get("position")
    found = Position.read(text) if isinstance(text, str) else None
    if found is None:
        raise JunkError("invalid_position", "This position was not given by Courtyard.")
    return found


_VALUES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "follow": _topic,
    "ping": _nothing,
    "pong": _nothing,
    "resume": _position,
    "typing": _conversation,
    "unfollow": _topic,
}
