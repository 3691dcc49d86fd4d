"""Many WebSockets in one event loop, for the benchmark."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

OPENING_AT_ONCE = 100
PATIENCE_SECONDS = 60


@dataclass
class Crowd:
    """Open sockets, and when each got what.

    ``arrivals`` has, for each name of something that passes, the times at which it arrived;
    ``caught_up`` counts the events that sockets were told before their first word.
    """

    port: int
    connections: list[Any] = field(default_factory=list)
    positions: list[str] = field(default_factory=list)
    arrivals: dict[str, list[float]] = field(default_factory=dict)
    closed: int = 0
    caught_up: int = 0
    _awaited: dict[str, tuple[int, asyncio.Event]] = field(default_factory=dict)
    _readers: list[asyncio.Task[None]] = field(default_factory=list)

    async def open(self, tickets: Sequence[str], positions: Sequence[str] = ()) -> None:
        """Open a socket for each ticket; returns when all have their first word."""
        gate = asyncio.Semaphore(OPENING_AT_ONCE)
        places = list(positions) or [""] * len(tickets)

        async def enter(ticket: str, position: str) -> None:
            async with gate:
                await self._enter(ticket, position)

        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*map(enter, tickets, places))

    async def _enter(self, ticket: str, position: str) -> None:
        # Only developers have this package.
        from websockets.asyncio.client import connect

        extra = f"&position={position}" if position else ""
        url = f"ws://127.0.0.1:{self.port}/ws/?ticket={ticket}{extra}"
        connection = await connect(
            url, open_timeout=PATIENCE_SECONDS, compression=None, ping_interval=None
        )
        while (frame := json.loads(await connection.recv()))["type"] == "event":
            self.caught_up += 1
        if frame["type"] not in {"welcome", "resumed"}:
            raise RuntimeError(f"A socket began with {frame}.")
        self.connections.append(connection)
        self.positions.append(frame["position"])
        self._readers.append(asyncio.create_task(self._read(connection)))

    async def _read(self, connection: Any) -> None:
        try:
            async for text in connection:
                now = time.perf_counter()
                frame = json.loads(text)
                name = str(frame.get("data", {}).get("name", frame["type"]))
                there = self.arrivals.setdefault(name, [])
                there.append(now)
                number, event = self._awaited.get(name, (0, None))
                if event is not None and len(there) >= number:
                    event.set()
        finally:
            self.closed += 1

    async def follow(self, topic: str, number: int) -> None:
        """Have the first ``number`` sockets follow ``topic``."""
        for connection in self.connections[:number]:
            await connection.send(json.dumps({"type": "follow", "topic": topic}))
        await self.arrived("following", number)

    async def arrived(self, name: str, number: int) -> list[float]:
        """The times at which ``name`` arrived, once ``number`` of them are there."""
        if len(self.arrivals.get(name, ())) < number:
            event = asyncio.Event()
            self._awaited[name] = (number, event)
            async with asyncio.timeout(PATIENCE_SECONDS):
                await event.wait()
        return self.arrivals[name]

    async def leave(self) -> None:
        """Cut all sockets off, as a network that fails would."""
        for connection in self.connections:
            connection.transport.abort()
        for reader in self._readers:
            with contextlib.suppress(Exception):
                await reader
        self.connections.clear()
        self._readers.clear()


@asynccontextmanager
async def crowd(port: int) -> AsyncIterator[Crowd]:
    """Sockets that are gone at the end of the block."""
    made = Crowd(port)
    try:
        yield made
    finally:
        await made.leave()


async def spread(
    made: Crowd, tell: Callable[[str], Awaitable[float]], *, name: str, number: int
) -> list[float]:
    """Milliseconds from telling something until each of ``number`` sockets has it."""
    told = await tell(name)
    return [(at - told) * 1000 for at in await made.arrived(name, number)]
