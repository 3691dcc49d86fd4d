"""Telling clients at once what happened, without knowing how they are reached.

``publish`` is for what must not be missed: it is written down in the open transaction, and a
client that was away gets it later. ``broadcast`` is for what only counts now, such as who is
typing: whoever is there hears it. Messaging registers itself as the carrier of both.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

# What clients are told of (docs: WebSocket).
EVENTS = frozenset(
    {
        "message.created",
        "message.edited",
        "message.deleted",
        "conversation.read",
        "notification.created",
        "offer.changed",
        "transaction.changed",
        "booking.changed",
        "stream.changed",
    }
)
EPHEMERAL = frozenset({"typing", "presence", "stream.viewers"})


class Carrier(Protocol):
    """What brings events to clients."""

    def publish(self, *, users: list[UUID], event: str, data: dict[str, Any]) -> None:
        """Write an event down for each of ``users``, and wake their clients on commit."""
        ...

    def broadcast(self, *, topic: str, event: str, data: dict[str, Any]) -> None:
        """Tell the clients that follow ``topic`` now."""
        ...

    def recheck(self, *, user: UUID) -> None:
        """Let the sockets of ``user`` be closed whose session is over."""
        ...


_carriers: list[Carrier] = []


def register_carrier(carrier: Carrier) -> None:
    """Have events carried by ``carrier`` from now on."""
    _carriers[:] = [carrier]


def publish(*, users: Iterable[UUID], event: str, data: Mapping[str, Any]) -> None:
    """Tell ``users`` that something happened, in the open transaction.

    ``data`` holds identifiers, states and numbers, never content: who may read a thing is asked
    when it is fetched. A rolled-back transaction tells nobody anything. Raises ``ValueError`` for
    an event that clients do not know.
    """
    if event not in EVENTS:
        raise ValueError(f"Clients know no event {event}.")
    told = sorted(set(users))
    for carrier in _carriers:
        if told:
            carrier.publish(users=told, event=event, data=_plain(data))


def broadcast(*, topic: str, event: str, data: Mapping[str, Any]) -> None:
    """Tell whoever follows ``topic`` (``stream:<id>``, ``conversation:<id>``) now."""
    if event not in EPHEMERAL:
        raise ValueError(f"Clients know no passing event {event}.")
    for carrier in _carriers:
        carrier.broadcast(topic=topic, event=event, data=_plain(data))


def recheck(user: UUID) -> None:
    """Close the sockets of ``user`` whose session has ended, once the open transaction is over.

    For whoever ends a session, voids tokens or suspends somebody.
    """
    for carrier in _carriers:
        carrier.recheck(user=user)


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, bool | int | float) or value is None else str(value)
        for name, value in data.items()
    }
