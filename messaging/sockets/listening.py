"""Hears notes from PostgreSQL: one connection for each process that has sockets.

PostgreSQL delivers what was announced in the order of commits. Every few seconds the connection
announces a mark to itself, with the oldest open transaction: when it comes back, everything older
has been heard.
"""

import asyncio
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.db import DatabaseError, connections
from psycopg import sql

from messaging.services.live_notes import CHANNEL
from messaging.sockets.hub import Hub

log = structlog.get_logger("courtyard.live")

NAME = "courtyard live"
MARK_SECONDS = 10.0
ANSWER_SECONDS = 10.0
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 10.0
LISTEN = sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL))
MARK = (
    "SELECT pg_notify(%s, concat('m ', pg_snapshot_xmin(pg_current_snapshot())::text,"
    " ' ', extract(epoch FROM clock_timestamp())::bigint))"
)
_SETTINGS = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}
# What Django adds for its own connections.
_DJANGOS = ("context", "cursor_factory", "prepare_threshold")


class Listener:
    """Keeps a connection that listens, and comes back with growing pauses."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.is_listening = False

    async def work(self) -> None:
        """Listen, for ever."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with await self._connection() as connection:
                    await self._open(connection)
                    pause = FIRST_PAUSE
                    await self._hear(connection)
            except (psycopg.Error, DatabaseError, OSError, TimeoutError) as error:
                log.warning("live events not heard", problem=type(error).__name__)
            self.is_listening = False
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _connection(self) -> psycopg.AsyncConnection[Any]:
        parameters = await self.hub.desk.ask(listening_parameters)
        async with asyncio.timeout(ANSWER_SECONDS):
            return await psycopg.AsyncConnection.connect(**parameters, autocommit=True)

    async def _open(self, connection: psycopg.AsyncConnection[Any]) -> None:
        async with asyncio.timeout(ANSWER_SECONDS):
            await connection.execute(LISTEN)
        self.is_listening = True
        self.hub.fall_behind()

    async def _hear(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            async with asyncio.timeout(ANSWER_SECONDS):
                await connection.execute(MARK, [CHANNEL])
            async for note in connection.notifies(timeout=MARK_SECONDS):
                self.hub.hear(note.payload)


def listening_parameters() -> dict[str, Any]:
    """How to connect to the default database past everything that stands between."""
    direct = settings.REALTIME_DATABASE
    if direct:
        given = {name: direct.get(setting) for name, setting in _SETTINGS.items()}
        parameters = {name: value for name, value in given.items() if value}
        parameters |= direct.get("OPTIONS", {})
    else:
        parameters = dict(connections["default"].get_connection_params())
        for name in _DJANGOS:
            parameters.pop(name, None)
    return {**parameters, "application_name": NAME}
