"""What clients may say to Courtyard over the WebSocket, and what they are answered."""

import time
from typing import Any

from config.shared import realtime
from messaging.services.live_topics import may_follow
from messaging.services.positions import Position
from messaging.sockets import codes, frames
from messaging.sockets.hub import Hub
from messaging.sockets.mailbox import Mailbox

FRAMES_PER_SECOND = 10.0
FRAMES_AT_ONCE = 40.0
TOPICS = 20
TYPING_SECONDS = 1.0


class Answers:
    """Reads frames and does what they ask; the socket itself is the other base."""

    hub: Hub
    mailbox: Mailbox | None
    heard_at: float
    say: Any
    replay: Any

    def __init__(self) -> None:
        super().__init__()
        self._allowance = FRAMES_AT_ONCE
        self._counted_at = time.monotonic()
        self._typed_at = 0.0

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take one frame; junk, and too much of anything, ends the socket."""
        mailbox = self.mailbox
        if mailbox is None or mailbox.is_over:
            return
        self.heard_at = time.monotonic()
        if not self._has_allowance():
            await self.refuse(codes.TOO_MANY, "too_many_frames", "Speak more slowly.")
            return
        try:
            if text_data is None:
                raise frames.JunkError("not_text", "A frame is text.")
            request = frames.read_request(text_data)
        except frames.JunkError as junk:
            code = codes.TOO_LARGE if junk.code == "too_large" else codes.JUNK
            await self.refuse(code, junk.code, str(junk))
            return
        await getattr(self, f"on_{request.kind}")(mailbox, request.value)

    async def refuse(self, close_code: int, code: str, detail: str) -> None:
        """Say what was wrong, then end the socket."""
        await self.say("error", code=code, detail=detail)
        if self.mailbox:
            self.mailbox.end(close_code, detail)

    async def on_ping(self, mailbox: Mailbox, _: None) -> None:
        """The client asks whether anybody is there."""
        await self.say("pong")

    async def on_pong(self, mailbox: Mailbox, _: None) -> None:
        """The client is there; that it was heard is all that counts."""

    async def on_resume(self, mailbox: Mailbox, position: Position) -> None:
        """The client goes on from where it was."""
        await self.replay(position)

    async def on_follow(self, mailbox: Mailbox, topic: str) -> None:
        """The client wants to hear what passes in a topic."""
        if topic not in mailbox.topics and len(mailbox.topics) >= TOPICS:
            await self.say(
                "error",
                code="too_many_topics",
                detail=f"A socket follows at most {TOPICS} topics.",
                topic=topic,
            )
            return
        if not await self.hub.desk.ask(may_follow, user_id=mailbox.user_id, topic=topic):
            await self.say("error", code="not_found", detail="There is no such topic.", topic=topic)
            return
        await self.say("following", topic=topic)
        if not mailbox.is_over and topic not in mailbox.topics:
            self.hub.follow(mailbox, topic)

    async def on_unfollow(self, mailbox: Mailbox, topic: str) -> None:
        """The client has heard enough."""
        self.hub.unfollow(mailbox, topic)
        await self.say("unfollowed", topic=topic)

    async def on_typing(self, mailbox: Mailbox, topic: str) -> None:
        """The client's person types in a conversation that the socket follows."""
        if topic not in mailbox.topics:
            await self.say(
                "error", code="not_followed", detail="Follow the conversation first.", topic=topic
            )
            return
        now = time.monotonic()
        if now - self._typed_at < TYPING_SECONDS:
            return
        self._typed_at = now
        conversation = topic.partition(":")[2]
        data = {"conversation": conversation, "user": mailbox.user_id}
        await self.hub.desk.ask(realtime.broadcast, topic=topic, event="typing", data=data)

    def _has_allowance(self) -> bool:
        now = time.monotonic()
        gained = (now - self._counted_at) * FRAMES_PER_SECOND
        self._allowance = min(FRAMES_AT_ONCE, self._allowance + gained) - 1
        self._counted_at = now
        return self._allowance >= 0
