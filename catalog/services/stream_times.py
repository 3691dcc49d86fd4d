"""How long streams wait: for a picture, for one that was lost, and for viewers."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.services.settings import get_setting
from catalog.choices import StreamStatus
from catalog.models import Stream

# The media server says every five seconds that there is a picture; after four times nothing, it
# has lost it and could not say so.
SIGNAL_COUNTS_FOR = timedelta(seconds=20)


def silence() -> timedelta:
    """For how long a picture may be away before the show is over."""
    return timedelta(seconds=get_setting("stream_silence_seconds"))


def start() -> timedelta:
    """For how long a stream that went live waits for its first picture."""
    return timedelta(seconds=get_setting("stream_start_seconds"))


def presence() -> timedelta:
    """For how long somebody counts as a viewer after a heartbeat."""
    return timedelta(seconds=get_setting("viewer_presence_seconds"))


def silent_since(stream: Stream, *, now: datetime) -> datetime | None:
    """When a live stream had its picture last, if that is so long ago that it is over.

    For one that never had a picture, that is when it went live.
    """
    if stream.status != StreamStatus.LIVE or stream.started_at is None:
        return None
    if stream.last_signal_at is None:
        return stream.started_at if stream.started_at <= now - start() else None
    last = stream.signal_lost_at or stream.last_signal_at
    return last if last <= now - silence() else None


def has_picture(stream: Stream, *, now: datetime) -> bool:
    """Whether somebody is publishing at this moment, as far as the media server has said."""
    return (
        stream.status == StreamStatus.LIVE
        and stream.signal_lost_at is None
        and stream.last_signal_at is not None
        and stream.last_signal_at > now - SIGNAL_COUNTS_FOR
    )


def streams_for(user: User | Any) -> Any:
    """The streams that ``user`` may see, in the state that they are in now, for lists and pages."""
    return (
        Stream.objects.visible_to(user)
        .with_live_status(silence=silence(), start=start())
        .with_is_live()
        .with_viewers(presence=presence())
        .with_card(user)
    )
