"""What shows keep about a person: those they give, those they watch; and how that is forgotten."""

from typing import Any

from accounts.models import MediaFile, User
from accounts.services import media
from accounts.services.personal_data import MOST_ROWS, all_facts, facts
from catalog.choices import StreamStatus
from catalog.flows import STREAM_FLOW
from catalog.models import Stream, StreamKey, StreamViewer
from catalog.services.stream_shows import finish
from config.shared.clock import database_now
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.personal_data import collects, erases

# Keys are nobody's to read, and who of the staff ended a show is not its owner's to take away.
WITHOUT = {"user", "key_hash", "ended_by"}


@collects("catalog.streams")
def streams(person: User) -> list[dict[str, Any]]:
    """The shows that they gave or announced, with what they pinned."""
    rows = Stream.objects.filter(user=person).prefetch_related("pins")[:MOST_ROWS]
    return [
        facts(row, without=WITHOUT) | {"pins": all_facts(row.pins.all(), without={"stream"})}
        for row in rows
    ]


@collects("catalog.stream_key")
def stream_key(person: User) -> list[dict[str, Any]]:
    """How their permanent key ends, and since when they have it."""
    return all_facts(StreamKey.objects.filter(user=person), without=WITHOUT)


@collects("catalog.streams_watched")
def streams_watched(person: User) -> list[dict[str, Any]]:
    """The shows that they watched."""
    rows = StreamViewer.objects.filter(user=person).select_related("stream")[:MOST_ROWS]
    return [
        {"stream_title": row.stream.title} | facts(row, without={"user", "visitor"}) for row in rows
    ]


@erases("catalog.streams")
def forget_streams(person: User) -> int:
    """End or call off what they give, and delete it with its picture, its film and their key."""
    key = StreamKey.objects.filter(user=person).delete()[0]
    own = Stream.objects.filter(user=person)
    for row in own.filter(status__in=[StreamStatus.SCHEDULED, StreamStatus.LIVE]).order_by("pk"):
        (stream,) = lock(row)
        if stream.status == StreamStatus.LIVE:
            finish(stream, actor=None, ended_at=database_now(), reason="")
        elif stream.status == StreamStatus.SCHEDULED:
            move(stream, StreamStatus.CANCELLED, flow=STREAM_FLOW, actor=None)
    files = MediaFile.objects.filter(
        owner=person,
        target_type=Stream._meta.label_lower,
        target_id__in=own.order_by().values("pk"),
    )
    for file in files:
        media.discard(file)
    return key + own.delete()[0]


@erases("catalog.streams_watched")
def forget_watching(person: User) -> int:
    """Delete which shows they watched; how many did so stays."""
    return StreamViewer.objects.filter(user=person).delete()[0]
