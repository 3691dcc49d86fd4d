"""The one hub of this process, with everything that works for it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError

from messaging.sockets.desk import Desk
from messaging.sockets.hub import Hub
from messaging.sockets.listening import Listener
from messaging.sockets.relay import Relay

log = structlog.get_logger("courtyard.live")

ROUND_SECONDS = 20.0


class Office:
    """Starts with the first socket of a process and lives as long as its event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.hub = Hub(Desk())
        self.source: Listener | Relay = (
            Relay(self.hub) if settings.REDIS_URL else Listener(self.hub)
        )
        self._tasks = [
            self.loop.create_task(_for_ever(work))
            for work in (self.hub.work, self.source.work, self._rounds)
        ]

    async def _rounds(self) -> None:
        """The second net: look at every socket again, whatever was heard."""
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            try:
                await self.hub.look_again(self.hub.mailboxes())
                await self.hub.look_at_topics()
            except DatabaseError as error:
                log.warning("sockets not looked at", problem=type(error).__name__)


_office: Office | None = None


def office() -> Office:
    """The office of the running event loop."""
    global _office  # noqa: PLW0603 - one per process
    if _office is None or _office.loop is not asyncio.get_running_loop():
        _office = Office()
    return _office


def present_office() -> Office | None:
    """The office of this process, if it has had sockets."""
    return _office


async def _for_ever(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    while True:
        try:
            await work()
        except Exception:
            log.exception("live work failed")
            await asyncio.sleep(1)
