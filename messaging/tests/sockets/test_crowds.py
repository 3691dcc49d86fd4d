"""Hundreds of sockets on one process: all hear the same, and all come back at once."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from accounts.models import User
from accounts.tests.factories.people import UserFactory
from config.benchmark import processes
from config.benchmark.socket_clients import Crowd, crowd, spread
from config.shared import realtime
from config.tests.server_process import ServerProcess
from messaging.services.tickets import issue_ticket

PEOPLE = 30
EACH = 10
SOCKETS = PEOPLE * EACH
# Most of it is the reading buffer of the server's library.
MOST_KILOBYTES_EACH = 400


def tickets_of(people: Sequence[User]) -> list[str]:
    return [
        issue_ticket(user=person, session_id=uuid4()).ticket
        for person in people
        for _ in range(EACH)
    ]


def happen(people: Sequence[User], name: str) -> float:
    keys = [person.pk for person in people]
    realtime.publish(users=keys, event="stream.changed", data={"name": name})
    return 0.0


async def in_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    """What asks the database, away from the loop and on a connection of its own."""

    def call() -> Any:
        try:
            return function(*arguments)
        finally:
            connections.close_all()

    return await asyncio.to_thread(call)


@pytest.mark.capability("M06")
def test_a_crowd_hears_the_same_and_comes_back_together(server: ServerProcess) -> None:
    people = UserFactory.create_batch(PEOPLE)
    before = processes.memory_megabytes(server.running.pid)

    async def journey() -> tuple[int, Crowd, float]:
        async with crowd(server.port) as made:
            await made.open(await in_thread(tickets_of, people))
            memory = processes.memory_megabytes(server.running.pid)

            async def tell(name: str) -> float:
                return float(await in_thread(happen, people, name))

            heard = await spread(made, tell, name="first", number=SOCKETS)
            positions, made.positions = made.positions, []
            await made.leave()
            await tell("while they were away")
            await made.open(await in_thread(tickets_of, people), positions)
            return len(heard), made, memory

    heard, made, memory = asyncio.run(journey())

    assert heard == SOCKETS
    # Each is told what it missed, and may be told the first again.
    assert SOCKETS <= made.caught_up <= 2 * SOCKETS
    assert (memory - before) * 1024 / SOCKETS < MOST_KILOBYTES_EACH
