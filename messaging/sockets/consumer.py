"""One WebSocket: let in by a ticket, brought up to date, told what happens, and let go."""

import asyncio
import contextlib
import time
from typing import Any
from urllib.parse import parse_qs

import structlog
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError

from config.shared import metrics
from messaging.services.live_events import events_since
from messaging.services.positions import Position, present_position
from messaging.services.tickets import redeem_ticket, still_signed_in
from messaging.sockets import codes, frames
from messaging.sockets.answers import Answers
from messaging.sockets.hub import Hub
from messaging.sockets.mailbox import Mailbox
from messaging.sockets.office import office

log = structlog.get_logger("courtyard.live")

READY_SECONDS = 10.0
PING_SECONDS = 25.0
IDLE_SECONDS = 75.0
SEND_SECONDS = 20.0
GOODBYE_SECONDS = 2.0
# A socket ends with the day, so that its session is asked for anew.
LONGEST_SECONDS = 12 * 3600.0
SOCKETS_OF_ONE_PERSON = 20
PAGE = 200
PAGES = 5


class RefusedError(Exception):
    """A socket that is not let in."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class LiveConsumer(Answers, AsyncWebsocketConsumer):
    """Tells one client what happens to its person."""

    # Mailboxes are filled by the hub: no socket needs a channel of its own.
    channel_layer_alias = "none"
    hub: Hub

    def __init__(self) -> None:
        super().__init__()
        self.mailbox: Mailbox | None = None
        self.gate = asyncio.Lock()
        self.heard_at = self.began_at = time.monotonic()
        self._writer: asyncio.Task[None] | None = None
        self._goodbye: tuple[int, str] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        metrics.SOCKETS.inc()
        self._main = asyncio.get_running_loop().create_task(super().__call__(scope, receive, send))
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await self._main
            await self._say_goodbye()
        finally:
            metrics.SOCKETS.dec()
            self._main.cancel()
            if self._writer:
                self._writer.cancel()
            if self.mailbox:
                self.mailbox.is_over = True
                self.hub.remove(self.mailbox)

    async def dispatch(self, message: Any) -> None:
        """Call the handler; unlike upstream, no connection of Django's has to be cleaned up."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def websocket_disconnect(self, message: Any) -> None:
        raise StopConsumer

    async def connect(self) -> None:
        """Let the client in and bring it up to date, or say why not."""
        await self.accept()
        try:
            await self._enter()
        except RefusedError as refusal:
            metrics.SOCKETS_CLOSED.labels(str(refusal.code)).inc()
            await self.close(refusal.code, str(refusal))
        except (DatabaseError, TimeoutError):
            metrics.SOCKETS_CLOSED.labels(str(codes.TRY_LATER)).inc()
            await self.close(codes.TRY_LATER, "Try again in a while.")

    async def _enter(self) -> None:
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        self.hub = office().hub
        async with asyncio.timeout(READY_SECONDS):
            await self.hub.ready.wait()
        admission = await self.hub.desk.ask(redeem_ticket, query.get("ticket", [""])[0])
        if admission is None:
            raise RefusedError(codes.SIGNED_OUT, "Get a new ticket.")
        if len(self.hub.people.get(admission.user_id, ())) >= SOCKETS_OF_ONE_PERSON:
            raise RefusedError(codes.TOO_MANY, "You have too many sockets open.")
        # From here on nothing is missed; what has been missed before is read after it.
        self.mailbox = Mailbox(admission, self._end)
        self.hub.add(self.mailbox)
        if not await self.hub.desk.ask(still_signed_in, {admission}):
            raise RefusedError(codes.SIGNED_OUT, "The session has ended.")
        await self._begin(query.get("position", [None])[0])
        self._writer = asyncio.get_running_loop().create_task(self._write())

    async def _begin(self, text: str | None) -> None:
        if text is None:
            position = await self.hub.desk.ask(present_position)
            await self.say("welcome", position=str(position), ping_seconds=int(PING_SECONDS))
            return
        known = Position.read(text)
        if known is None:
            raise RefusedError(codes.JUNK, "This position was not given by Courtyard.")
        await self.replay(known)

    async def replay(self, position: Position) -> None:
        """Send what happened since ``position``, before anything that happens now."""
        mailbox = self.mailbox
        if mailbox is None:
            return
        async with self.gate:
            is_complete = False
            for _ in range(PAGES):
                page = await self.hub.desk.ask(
                    events_since, user_id=mailbox.user_id, position=position, limit=PAGE
                )
                for event in page.events:
                    mailbox.known.add(event.pk)
                    own = Position.at(event.horizon, event.created_at)
                    await self._send(frames.event(event, own))
                position = page.position
                if not page.more:
                    is_complete = not page.reset
                    break
            else:
                position = await self.hub.desk.ask(present_position)
            kind = "resumed" if is_complete else "reset"
            await self._send(frames.written(kind, position=str(position)))

    async def say(self, kind: str, **members: Any) -> None:
        """Send a frame at once, past those that wait."""
        async with self.gate:
            await self._send(frames.written(kind, **members))

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self.send(text_data=text)
        except TimeoutError:
            self._drop(codes.TOO_SLOW, "Too slow: come back with your last position.")
        else:
            metrics.FRAMES.inc()

    async def _write(self) -> None:
        """Send what the mailbox holds, and a sign of life now and then, until cancelled."""
        mailbox = self.mailbox
        ping_at = time.monotonic() + PING_SECONDS
        while mailbox is not None and not mailbox.is_over:
            text = await mailbox.next(ping_at - time.monotonic())
            if text is not None:
                async with self.gate:
                    await self._send(text)
            if (now := time.monotonic()) >= ping_at:
                ping_at = now + PING_SECONDS
                await self._ping(mailbox, now)

    async def _ping(self, mailbox: Mailbox, now: float) -> None:
        if now - self.heard_at > IDLE_SECONDS:
            self._drop(codes.IDLE, "Nothing was heard from you.")
        elif now - self.began_at > LONGEST_SECONDS:
            self._drop(codes.SIGNED_OUT, "Get a new ticket.")
        else:
            # All that was settled was put into the mailbox before: an empty one has sent it.
            settled = self.hub.settled if mailbox.is_empty else None
            await self.say("ping", position=str(settled) if settled else None)

    def _drop(self, code: int, reason: str) -> None:
        if self.mailbox:
            self.mailbox.end(code, reason)

    def _end(self, code: int, reason: str) -> None:
        # The server closes a socket only while nobody waits for its next frame.
        self._goodbye = (code, reason)
        if self._writer:
            self._writer.cancel()
        self._main.cancel()

    async def _say_goodbye(self) -> None:
        """Close the socket; a client that does not even take this is cut off."""
        if self._goodbye is None:
            return
        code, reason = self._goodbye
        metrics.SOCKETS_CLOSED.labels(str(code)).inc()
        log.info("socket closed", close_code=code, user_id=self._user_id())
        with contextlib.suppress(TimeoutError, RuntimeError, OSError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self.close(code, reason)

    def _user_id(self) -> str | None:
        return str(self.mailbox.user_id) if self.mailbox else None
