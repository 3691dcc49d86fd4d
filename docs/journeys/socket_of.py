"""What the market journey listens with: the WebSocket of one person, opened with a ticket."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from identity import JourneyError
from luggage import Person
from websockets.sync.client import ClientConnection, connect

PATIENCE_SECONDS = 20


class Listener:
    """An open socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.position = ""

    def hear(self, event: str) -> dict[str, Any]:
        """The data of the next event of this name; others are passed over."""
        while True:
            frame = self.frame()
            if frame.get("event") == event:
                return dict(frame["data"])

    def frame(self) -> dict[str, Any]:
        """The next frame; the position in it is kept."""
        try:
            found: dict[str, Any] = json.loads(self.socket.recv(timeout=PATIENCE_SECONDS))
        except TimeoutError as error:
            raise JourneyError("The socket says nothing.") from error
        self.position = found.get("position") or self.position
        return found


@contextmanager
def listening(person: Person, *, position: str = "") -> Iterator[Listener]:
    """A socket of ``person``, going on from ``position`` where one is given."""
    ticket = person.ask("POST", "realtime/ticket/", expect=201)["ticket"]
    address = person.base.replace("http", "ws", 1) + f"/ws/?ticket={ticket}"
    with connect(address + (f"&position={position}" if position else "")) as socket:
        yield Listener(socket)
