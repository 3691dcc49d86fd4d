"""A load generator: keep-alive connections that ask as fast as they are answered."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"
ANSWER_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Ask:
    """One request that a connection repeats."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def as_bytes(self, host: str) -> bytes:
        """The request as it goes over the wire (HTTP/1.1)."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body or self.method == "POST":
            lines.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + self.body


@dataclass(slots=True)
class Answers:
    """What came back: how long each took (seconds), and how often each status came."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency, in milliseconds, that ``share`` of the answers did not exceed."""
        if not self.latencies:
            return 0.0
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def drive(*, port: int, asks: Sequence[Sequence[Ask]], seconds: float) -> Answers:
    """Ask on loopback for ``seconds``, one connection for each sequence, round and round it."""
    return asyncio.run(_drive(port, asks, seconds))


def race(*, port: int, asks: Sequence[Sequence[Ask]]) -> Answers:
    """Ask everything once on loopback, one connection for each sequence, all at the same time."""
    return asyncio.run(_drive(port, asks, None))


async def _drive(port: int, asks: Sequence[Sequence[Ask]], seconds: float | None) -> Answers:
    answers = Answers()
    begin = time.perf_counter()
    until = None if seconds is None else begin + seconds
    connections = [_connection(port, each, until, answers) for each in asks]
    await asyncio.gather(*connections)
    answers.seconds = time.perf_counter() - begin
    return answers


async def _connection(
    port: int, asks: Sequence[Ask], until: float | None, answers: Answers
) -> None:
    """Ask in turn: round and round until that time, or everything once where there is none."""
    requests = [ask.as_bytes(f"127.0.0.1:{port}") for ask in asks]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for request in requests if until is None else itertools.cycle(requests):
            begin = time.perf_counter()
            if until is not None and begin >= until:
                break
            writer.write(request)
            status = await asyncio.wait_for(_answer(reader), ANSWER_SECONDS)
            answers.latencies.append(time.perf_counter() - begin)
            answers.statuses[status] += 1
    finally:
        writer.close()


async def _answer(reader: Any) -> int:
    head = await reader.readuntil(HEAD_END)
    status = int(head[9:12])
    lower = head.lower()
    at = lower.find(LENGTH)
    if at >= 0:
        length = int(lower[at + len(LENGTH) : lower.index(b"\r\n", at)])
        if length:
            await reader.readexactly(length)
    elif b"transfer-encoding: chunked" in lower:
        await _chunks(reader)
    return status


async def _chunks(reader: Any) -> None:
    while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
        await reader.readexactly(size + 2)
    await reader.readuntil(b"\r\n")
