"""Who is watching: told by heartbeats, counted, and never shown by name."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts.models import User
from catalog.choices import StreamStatus
from catalog.models import Stream, StreamViewer
from catalog.services.stream_playback import require_something_to_watch
from catalog.services.stream_times import presence
from config.shared.clock import database_now
from config.shared.errors import MissingError
from config.shared.realtime import broadcast
from config.shared.retries import retry_transaction

SWEEP_BATCH = 1000
# One statement decides whether somebody is new: of any number of heartbeats at once, one is.
_SEEN = """
INSERT INTO catalog_streamviewer AS known
    (id, stream_id, user_id, visitor, first_seen_at, last_seen_at)
VALUES (%s, %s, %s, %s, clock_timestamp(), clock_timestamp())
ON CONFLICT (stream_id, user_id, visitor)
DO UPDATE SET last_seen_at = GREATEST(known.last_seen_at, EXCLUDED.last_seen_at)
RETURNING xmax = 0
"""


@dataclass(frozen=True, slots=True)
class Audience:
    """How many watch now, and how many have watched at all."""

    viewer_count: int
    total_views: int


@retry_transaction
def heartbeat(*, stream: Stream, viewer: User | None, visitor: str) -> Audience:
    """Note that somebody is watching; returns how many are.

    Somebody counts once, however often they come back. ``visitor`` stands for a ``viewer`` who is
    not signed in. Raises ``NotShowingError``.
    """
    require_something_to_watch(stream)
    if _is_new(stream, viewer, "" if viewer else visitor):
        Stream.objects.filter(pk=stream.pk).update(total_views=F("total_views") + 1)
    there = StreamViewer.objects.there(presence=presence()).filter(stream=stream).count()
    row = Stream.objects.filter(pk=stream.pk).values("status", "viewer_count", "total_views")
    now = row.first()
    if now is None:
        raise MissingError
    if now["status"] != StreamStatus.LIVE:
        return Audience(0, now["total_views"])
    if there != now["viewer_count"]:
        _tell(stream, there, now["total_views"])
    return Audience(there, now["total_views"])


def visitor_of(*, address: str, agent: str) -> str:
    """A hash that stands for a browser on one day: enough to count it once, too little to know."""
    day = database_now().date().isoformat()
    return salted_hmac("catalog.stream_visitor", f"{day}|{address}|{agent}").hexdigest()


def recount() -> int:
    """Bring the stored figures of live shows up to date; returns how many had changed."""
    changed = 0
    live: Any = Stream.objects.live().with_viewers(presence=presence())
    for stream in live.order_by("pk")[:SWEEP_BATCH]:
        if stream.viewers_now != stream.viewer_count:
            _tell(stream, stream.viewers_now, stream.total_views)
            changed += 1
    return changed


def _is_new(stream: Stream, viewer: User | None, visitor: str) -> bool:
    key = StreamViewer._meta.pk.get_default()
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [key, stream.pk, viewer.pk if viewer else None, visitor])
        row = cursor.fetchone()
    return bool(row and row[0])


def _tell(stream: Stream, viewers: int, total: int) -> None:
    """Keep the figure for lists of staff, and tell whoever watches."""
    Stream.objects.filter(pk=stream.pk, status=StreamStatus.LIVE).update(viewer_count=viewers)
    broadcast(
        topic=f"stream:{stream.pk}",
        event="stream.viewers",
        data={"stream": stream.pk, "viewer_count": viewers, "total_views": total},
    )
