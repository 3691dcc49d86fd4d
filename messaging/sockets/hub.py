"""The sockets of one process, and what reaches them.

Whatever carries notes (PostgreSQL or Redis) calls ``hear``. One task takes the notes in order,
reads the events that are for people who are here, and puts them into the mailboxes of their
sockets. After a gap the hub reads everything since the last moment at which it knew that it had
heard all (``settled``): docs/adr/0010.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError

from messaging.models import LiveEvent
from messaging.services.live_events import events_numbered, events_of
from messaging.services.live_notes import Happened, Mark, Note, Passing, Recheck, read_note
from messaging.services.live_topics import CONVERSATION, still_takes_part, topic_named
from messaging.services.positions import Position, present_position
from messaging.services.tickets import still_signed_in
from messaging.sockets import codes, frames, presence
from messaging.sockets.desk import Desk
from messaging.sockets.mailbox import Mailbox

log = structlog.get_logger("courtyard.live")

INBOX = 10_000
BATCH = 500
MISSED = 5_000
RETRY_SECONDS = 1.0


class Hub:
    """Knows who is here and what they follow, and hands out what happens."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.people: dict[UUID, set[Mailbox]] = {}
        self.topics: dict[str, set[Mailbox]] = {}
        self.settled: Position | None = None
        self.ready = asyncio.Event()
        # With Redis the order of notes is not the order of commits.
        self.in_order = not settings.REDIS_URL
        self._inbox: asyncio.Queue[Note | None] = asyncio.Queue(INBOX)
        self._is_behind = False
        self._sent: dict[int, int] = {}
        self._errands: set[asyncio.Task[None]] = set()

    def mailboxes(self) -> list[Mailbox]:
        """Everybody's."""
        return [mailbox for own in self.people.values() for mailbox in own]

    def add(self, mailbox: Mailbox) -> None:
        """From now on ``mailbox`` gets what happens to its person."""
        self.people.setdefault(mailbox.user_id, set()).add(mailbox)

    def remove(self, mailbox: Mailbox) -> None:
        """The socket is gone."""
        for topic in list(mailbox.topics):
            self.unfollow(mailbox, topic)
        own = self.people.get(mailbox.user_id, set())
        own.discard(mailbox)
        if not own:
            self.people.pop(mailbox.user_id, None)

    def follow(self, mailbox: Mailbox, topic: str) -> None:
        """From now on ``mailbox`` gets what passes in ``topic``."""
        mailbox.topics.add(topic)
        self.topics.setdefault(topic, set()).add(mailbox)
        presence.came(self, mailbox, topic)

    def unfollow(self, mailbox: Mailbox, topic: str) -> None:
        """``mailbox`` hears no more of ``topic``."""
        if topic not in mailbox.topics:
            return
        mailbox.topics.discard(topic)
        followers = self.topics.get(topic, set())
        followers.discard(mailbox)
        if not followers:
            self.topics.pop(topic, None)
        presence.went(self, mailbox, topic)

    def errand(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done beside everything else; a database that is away is no matter."""
        task = asyncio.get_running_loop().create_task(_tolerant(work))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def hear(self, text: str) -> None:
        """Take a note, unless it is for nobody here."""
        note = read_note(text)
        match note:
            case Happened(events):
                note = Happened(tuple(pair for pair in events if pair[0] in self.people))
                wanted = bool(note.events)
            case Passing(topic):
                wanted = topic in self.topics
            case Recheck(user_id):
                wanted = user_id in self.people
            case Mark():
                wanted = True
            case _:
                wanted = False
        if wanted:
            self._take(note)

    def fall_behind(self) -> None:
        """Notes may have been missed: read everything anew since ``settled``."""
        self._is_behind = True
        if self._inbox.empty():
            self._inbox.put_nowait(None)

    def _take(self, note: Note | None) -> None:
        try:
            self._inbox.put_nowait(note)
        except asyncio.QueueFull:
            self._is_behind = True

    async def work(self) -> None:
        """Hand out what is heard, for ever."""
        while True:
            notes = [await self._inbox.get()]
            while len(notes) < BATCH and not self._inbox.empty():
                notes.append(self._inbox.get_nowait())
            try:
                await self._hand_out([note for note in notes if note is not None])
            except DatabaseError as error:
                log.warning("live events not read", problem=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
                self.fall_behind()

    async def _hand_out(self, notes: list[Note]) -> None:
        if self._is_behind:
            # Whatever has been announced so far is found there; only what passes is not.
            notes = [note for note in notes if not isinstance(note, Happened | Mark)]
            await self._catch_up()
        numbers = [key for note in notes if isinstance(note, Happened) for _, key in note.events]
        events = await self.desk.ask(events_numbered, numbers) if numbers else {}
        for note in notes:
            match note:
                case Happened(pairs):
                    for _, number in pairs:
                        if number in events:
                            self._deliver(events[number], self._position_of(events[number]))
                case Passing():
                    self._pass_on(note)
                case Recheck(user_id):
                    self.errand(self.look_again(self.people.get(user_id, ())))
                case Mark(horizon, seconds):
                    self._settle(Position(horizon, seconds))

    async def _catch_up(self) -> None:
        since, people = self.settled, list(self.people)
        self._is_behind = False
        try:
            if since is None or not people:
                self._settle(await self.desk.ask(present_position))
                return
            page = await self.desk.ask(events_of, user_ids=people, since=since, limit=MISSED)
        except DatabaseError:
            self._is_behind = True
            raise
        if page.more:
            for mailbox in self.mailboxes():
                mailbox.end(codes.RESTART, "Come back with your last position.")
        for event in page.events:
            if event.pk not in self._sent:
                self._deliver(event, Position.at(event.horizon, event.created_at))
        self._settle(page.position)

    def _position_of(self, event: LiveEvent) -> Position:
        if self.in_order or self.settled is None:
            return Position.at(event.horizon, event.created_at)
        return self.settled

    def _deliver(self, event: LiveEvent, position: Position) -> None:
        self._sent[event.pk] = event.xid
        text = frames.event(event, position)
        for mailbox in tuple(self.people.get(event.user_id, ())):
            mailbox.put(text, event.pk)

    def _pass_on(self, note: Passing) -> None:
        data = presence.heard(self, note)
        text = frames.written("now", topic=note.topic, event=note.event, data=data)
        for mailbox in tuple(self.topics.get(note.topic, ())):
            if str(mailbox.user_id) != data.get("user"):
                mailbox.put(text)

    def _settle(self, position: Position) -> None:
        self.settled = position
        self._sent = {key: xid for key, xid in self._sent.items() if xid >= position.horizon}
        self.ready.set()

    async def look_again(self, mailboxes: Iterable[Mailbox]) -> None:
        """Close the sockets whose session is over or whose person may not use Courtyard."""
        asked = list(mailboxes)
        for start in range(0, len(asked), BATCH):
            part = asked[start : start + BATCH]
            good = await self.desk.ask(still_signed_in, {box.admission for box in part})
            for mailbox in part:
                if mailbox.admission not in good:
                    mailbox.end(codes.SIGNED_OUT, "The session has ended.")

    async def look_at_topics(self) -> None:
        """Let nobody follow a conversation that they have left."""
        followed = [
            (mailbox, topic, found[1])
            for topic, followers in self.topics.items()
            if (found := topic_named(topic)) and found[0] == CONVERSATION
            for mailbox in followers
        ]
        pairs = {(mailbox.user_id, key) for mailbox, _, key in followed}
        good = await self.desk.ask(still_takes_part, pairs) if pairs else set()
        for mailbox, topic, key in followed:
            if (mailbox.user_id, key) not in good:
                self.unfollow(mailbox, topic)
                mailbox.put(frames.written("unfollowed", topic=topic))


async def _tolerant(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except DatabaseError as error:
        log.warning("live errand not done", problem=type(error).__name__)
