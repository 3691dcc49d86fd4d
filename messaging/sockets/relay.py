"""Hears notes from Redis, and looks every few seconds for what Redis did not bring.

A note is published after the commit, so one may come late, out of order or never. What frames
carry as their position is therefore the last look at the database, and not the event's own.
"""

import asyncio
import contextlib

import structlog
from channels.layers import get_channel_layer

from messaging.services.live_notes import CHANNEL
from messaging.sockets.hub import Hub

log = structlog.get_logger("courtyard.live")

LOOK_SECONDS = 5.0
PAUSE_SECONDS = 2.0


class Relay:
    """Keeps a subscription; the layer renews it when Redis comes back."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.is_listening = False

    async def work(self) -> None:
        """Listen, for ever."""
        look = asyncio.get_running_loop().create_task(self._look())
        try:
            while True:
                try:
                    await self._hear()
                except Exception as error:  # noqa: BLE001 - whatever Redis' client raises
                    log.warning("live events not heard", problem=type(error).__name__)
                self.is_listening = False
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            look.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await look

    async def _hear(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(CHANNEL, channel)
        self.is_listening = True
        while True:
            message = await layer.receive(channel)
            self.hub.hear(message["note"])

    async def _look(self) -> None:
        while True:
            self.hub.fall_behind()
            await asyncio.sleep(LOOK_SECONDS)
