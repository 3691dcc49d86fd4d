"""What waits for one socket: bounded, because a client that does not read is let go."""

import asyncio
from collections import deque
from collections.abc import Callable
from uuid import UUID

from messaging.services.tickets import Admission
from messaging.sockets import codes

LIMIT = 100


class Mailbox:
    """The frames that one socket has still to send, in order.

    ``on_end`` is called once, with a close code and a reason, when the socket must end.
    """

    __slots__ = ("_frames", "_wake", "admission", "is_over", "known", "on_end", "topics")

    def __init__(self, admission: Admission, on_end: Callable[[int, str], None]) -> None:
        self.admission = admission
        self.on_end = on_end
        self.topics: set[str] = set()
        # Numbers of events that were sent while others were coming in already.
        self.known: set[int] = set()
        self.is_over = False
        self._frames: deque[tuple[int, str]] = deque()
        self._wake = asyncio.Event()

    @property
    def user_id(self) -> UUID:
        return self.admission.user_id

    @property
    def is_empty(self) -> bool:
        return not self._frames

    def put(self, text: str, number: int = 0) -> None:
        """Have a frame sent; ``number`` is of the event in it."""
        if self.is_over:
            return
        if len(self._frames) >= LIMIT:
            self.end(codes.TOO_SLOW, "Too slow: come back with your last position.")
            return
        self._frames.append((number, text))
        self._wake.set()

    def end(self, code: int, reason: str) -> None:
        """Let the socket go, with what waits for it."""
        if self.is_over:
            return
        self.is_over = True
        self._frames.clear()
        self.on_end(code, reason)

    async def next(self, seconds: float) -> str | None:
        """The next frame; None after ``seconds`` without one."""
        if not self._frames:
            self.known.clear()
            self._wake.clear()
            try:
                async with asyncio.timeout(max(seconds, 0)):
                    await self._wake.wait()
            except TimeoutError:
                return None
        number, text = self._frames.popleft()
        return text if number not in self.known else await self.next(seconds)
