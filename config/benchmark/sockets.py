"""How many sockets a process bears, how fast they hear, and how fast they come back."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import uuid4

from django.db import connections

from accounts.choices import Role, UserStatus
from accounts.models import User
from catalog.models import Stream
from config.benchmark import processes
from config.benchmark.cases import MARK
from config.benchmark.server import Running, serve
from config.benchmark.socket_clients import Crowd, crowd, spread
from config.shared import realtime
from messaging.services.tickets import issue_ticket

R = TypeVar("R")

# Half of what one person may have: after a storm the old ones are not all noticed at once.
SOCKETS_OF_ONE = 10
FOLLOWERS = 300
ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Live:
    """What sockets cost; times in milliseconds unless they say otherwise.

    Args:
        followers: how many of the sockets heard the same at once.
        opened_seconds: until all had their first word.
        memory_mb: of the server process with all sockets open.
        kilobytes_each: what one socket added to it.
        fan_out_p50: from telling those who follow a topic until one of them has it.
        events_p50: from writing an event for as many people until one of their sockets has it.
        storm_seconds: from cutting all off at once until all are back, with their positions.
        dropped: how many the server closed.
    """

    sockets: int
    followers: int
    opened_seconds: float
    memory_mb: float
    kilobytes_each: float
    fan_out_p50: float
    fan_out_p95: float
    events_p50: float
    events_p95: float
    storm_seconds: float
    server_cpu_ms_each: float
    dropped: int


def measure_sockets(number: int) -> Live:
    """Open ``number`` sockets on one process, and see."""
    with (
        socket_people(-(-number // SOCKETS_OF_ONE)) as people,
        serve(workers=1, sockets=True) as server,
    ):
        stream = Stream.objects.create(user=people[0], title=MARK)
        try:
            return asyncio.run(_measure(Scene(server, people, number, f"stream:{stream.pk}")))
        finally:
            stream.delete()


@contextmanager
def socket_people(number: int) -> Iterator[list[User]]:
    """People of the benchmark's own, who are gone afterwards."""
    people = [
        User(
            external_subject=f"{MARK}socket:{place}",
            username=f"bench-socket-{place}",
            full_name=f"Socket {place}",
            phone_number=f"+9715888{place:05d}",
            phone_verified=True,
            status=UserStatus.ACTIVE,
            is_active=True,
            roles=[Role.RESIDENT],
        )
        for place in range(number)
    ]
    mine = User.objects.filter(external_subject__startswith=f"{MARK}socket:")
    mine.delete()
    User.objects.bulk_create(people)
    try:
        yield people
    finally:
        mine.delete()


class Teller:
    """Does what asks the database in a thread with a connection of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)

    async def call(self, function: Callable[[], R]) -> R:
        """What ``function`` returns."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)

    async def close(self) -> None:
        """Let the connection go."""
        await self.call(connections.close_all)
        self._thread.shutdown()


@dataclass(frozen=True, slots=True)
class Scene:
    """Who hears what where."""

    server: Running
    people: Sequence[User]
    number: int
    topic: str

    def tickets(self, number: int) -> list[str]:
        """A ticket for each socket."""
        owners = (self.people[place // SOCKETS_OF_ONE] for place in range(number))
        return [issue_ticket(user=owner, session_id=uuid4()).ticket for owner in owners]

    def memory(self) -> float:
        return processes.memory_megabytes(self.server.pid)


async def _measure(scene: Scene) -> Live:
    teller = Teller()
    try:
        async with crowd(scene.server.port) as made:
            return await _see(scene, teller, made)
    finally:
        await teller.close()


async def _see(scene: Scene, teller: Teller, made: Crowd) -> Live:
    number, followers = scene.number, min(FOLLOWERS, scene.number)
    # The first socket starts what every process with sockets has.
    async with crowd(scene.server.port) as first:
        await first.open(await teller.call(partial(scene.tickets, 1)))
        before = scene.memory()
    cpu = processes.cpu_seconds(scene.server.pid)
    opened = await _timed(made, await teller.call(partial(scene.tickets, number)))
    memory = scene.memory()
    await made.follow(scene.topic, followers)
    passing = await _rounds(made, teller, partial(_pass_by, scene.topic), followers)
    listeners = scene.people[: -(-followers // SOCKETS_OF_ONE)]
    heard = min(number, len(listeners) * SOCKETS_OF_ONE)
    written = await _rounds(made, teller, partial(_happen, listeners), heard)
    dropped = made.closed
    storm = await _storm(scene, teller, made)
    cpu = processes.cpu_seconds(scene.server.pid) - cpu
    return Live(
        sockets=number,
        followers=followers,
        opened_seconds=round(opened, 2),
        memory_mb=round(memory, 1),
        kilobytes_each=round((memory - before) * 1024 / number, 1),
        fan_out_p50=_part(passing, 0.50),
        fan_out_p95=_part(passing, 0.95),
        events_p50=_part(written, 0.50),
        events_p95=_part(written, 0.95),
        storm_seconds=round(storm, 2),
        server_cpu_ms_each=round(cpu * 1000 / number, 2),
        dropped=dropped,
    )


async def _storm(scene: Scene, teller: Teller, made: Crowd) -> float:
    """Seconds from the moment at which all are cut off until all are back."""
    tickets = await teller.call(partial(scene.tickets, scene.number))
    positions = made.positions
    await made.leave()
    made.positions = []
    return await _timed(made, tickets, positions)


async def _timed(made: Crowd, tickets: Sequence[str], positions: Sequence[str] = ()) -> float:
    started = time.perf_counter()
    await made.open(tickets, positions)
    return time.perf_counter() - started


async def _rounds(
    made: Crowd, teller: Teller, act: Callable[[str], float], number: int
) -> list[float]:
    """The milliseconds of every arrival in several rounds."""

    async def tell(name: str) -> float:
        return await teller.call(partial(act, name))

    found: list[float] = []
    for _ in range(ROUNDS):
        found += await spread(made, tell, name=uuid4().hex, number=number)
    return found


def _pass_by(topic: str, name: str) -> float:
    started = time.perf_counter()
    realtime.broadcast(topic=topic, event="stream.viewers", data={"name": name})
    return started


def _happen(people: Sequence[User], name: str) -> float:
    started = time.perf_counter()
    keys = [person.pk for person in people]
    realtime.publish(users=keys, event="stream.changed", data={"name": name})
    return started


def _part(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[int(share * (len(ordered) - 1))], 1)
