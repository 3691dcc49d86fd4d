"""Clients of the WebSocket, as real ones are."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from accounts.models import User
from accounts.tests.factories.people import open_session
from config.tests.server_process import ServerProcess
from messaging.services.tickets import issue_ticket

PATIENCE = 15.0


class LiveClient:
    """One open socket; reads frames and remembers the last position."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.position = ""
        self.events: list[dict[str, Any]] = []

    def send(self, kind: str, **members: Any) -> None:
        self.connection.send(json.dumps({"type": kind, **members}))

    def next(self, *kinds: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next frame of these kinds; others are passed over, events are kept."""
        until = time.monotonic() + seconds
        while True:
            frame = json.loads(self.connection.recv(timeout=max(0.01, until - time.monotonic())))
            self.position = frame.get("position", self.position)
            if frame["type"] == "event":
                self.events.append(frame)
            if frame["type"] in kinds:
                return dict(frame)

    def numbers(self) -> set[int]:
        """Of all events that came."""
        return {event["id"] for event in self.events}

    def closed(self, seconds: float = PATIENCE) -> int:
        """Reads on until the socket is closed, and says with which code."""
        until = time.monotonic() + seconds
        while True:
            try:
                self.connection.recv(timeout=max(0.01, until - time.monotonic()))
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006


def ticket_of(user: User) -> str:
    """A ticket of a session of their own."""
    return issue_ticket(user=user, session_id=open_session(user).session.pk).ticket


def address(server: ServerProcess, ticket: str, position: str = "") -> str:
    extra = f"&position={position}" if position else ""
    return f"ws://127.0.0.1:{server.port}/ws/?ticket={ticket}{extra}"


@contextmanager
def live(
    server: ServerProcess, user: User, *, position: str = "", ticket: str = "", **options: Any
) -> Iterator[LiveClient]:
    """A client that was let in, and was told where it stands unless it knew."""
    url = address(server, ticket or ticket_of(user), position)
    with connect(url, open_timeout=PATIENCE, close_timeout=2, **options) as connection:
        client = LiveClient(connection)
        if not position:
            client.next("welcome")
        yield client
