"""The carrier of live events: written down with the change itself, and announced on its commit."""

from functools import partial
from typing import Any
from uuid import UUID

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connections, transaction

from messaging.models import LiveEvent
from messaging.services.live_notes import (
    CHANNEL,
    note_of_passing,
    note_of_recheck,
    notes_of_events,
)

log = structlog.get_logger("courtyard.live")

BATCH = 1_000
NOTE = "live.note"


class DatabaseCarrier:
    """Keeps events in the database, and tells every process that has sockets.

    PostgreSQL tells when the transaction commits, in the order of commits, and forgets what is
    rolled back. With ``REDIS_URL`` Redis tells, after the commit and in no particular order.
    """

    def publish(self, *, users: list[UUID], event: str, data: dict[str, Any]) -> None:
        """Write the event down for each of ``users`` and announce it with the commit."""
        with transaction.atomic():
            rows = [LiveEvent(user_id=user, type=event, data=data) for user in users]
            written = LiveEvent.objects.bulk_create(rows, batch_size=BATCH)
            for note in notes_of_events([(row.user_id, row.pk) for row in written]):
                _tell(note)

    def broadcast(self, *, topic: str, event: str, data: dict[str, Any]) -> None:
        """Tell whoever follows ``topic``; nobody else ever learns of it."""
        _tell(note_of_passing(topic, event, data))

    def recheck(self, *, user: UUID) -> None:
        """Have the sockets of ``user`` looked at again."""
        _tell(note_of_recheck(user))


def carried_by() -> str:
    """What carries events between processes here: the ``database`` or ``redis``."""
    return "redis" if settings.REDIS_URL else "database"


def _tell(note: str) -> None:
    if settings.REDIS_URL:
        transaction.on_commit(partial(_tell_by_redis, note))
        return
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, note])


def _tell_by_redis(note: str) -> None:
    from redis import RedisError

    try:
        async_to_sync(get_channel_layer().group_send)(CHANNEL, {"type": NOTE, "note": note})
    except (RedisError, OSError) as error:
        # What was written down is found by the next round of every process with sockets.
        log.warning("live event not announced", problem=type(error).__name__)
