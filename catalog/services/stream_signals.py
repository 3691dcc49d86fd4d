"""What the media server asks: may this encoder publish, may it go on, and that it has stopped.

Whoever does not get a clear yes is refused. The encoder shows a public name and, beside it, the
key; the key is compared here and goes no further.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from accounts.choices import UserStatus
from accounts.models import User
from catalog.choices import StreamStatus, StreamType, StreamVisibility
from catalog.models import Stream, StreamKey
from catalog.services.stream_keys import fits
from catalog.services.stream_shows import begin, live_video_is_on, settle_stream
from catalog.services.stream_times import has_picture, silence, start
from catalog.services.streams import check_audience_of
from config.shared.clock import database_now
from config.shared.errors import ConflictError, DomainError, NotAllowedError
from config.shared.jobs import defer
from config.shared.limits import enforce
from config.shared.locks import lock
from config.shared.retries import retry_transaction

TELL_JOB = "messaging.tell_of_stream"
GUESSES_PER_MINUTE = 10
# The media server deletes what it kept of a show within half a minute. Until then nobody shows
# something to everybody under a name that was private before.
REST_AFTER_PRIVATE = timedelta(seconds=60)


class WrongKeyError(NotAllowedError):
    """The key is not the one of this name, or nothing may be published under it."""

    code = "publishing_refused"
    title = "Nothing may be published here with this key"


class PublisherThereError(ConflictError):
    """Somebody publishes under this name already."""

    code = "publisher_there"
    title = "Somebody publishes this already"


@dataclass(frozen=True, slots=True)
class Signal:
    """What the media server says of one encoder."""

    name: str
    key: str = field(repr=False)


def publishing_begins(signal: Signal) -> Stream:
    """Let an encoder with the right key publish: its show is live from now on, or again.

    A picture that comes back in time goes on with the show. Raises ``WrongKeyError``,
    ``PublisherThereError``, and ``LiveAlreadyError`` where another show of the person is on.
    Wrong keys are counted for each name; the right one is let in however many were wrong.
    """
    stream = _known(signal)
    if stream is None or not live_video_is_on():
        subject = signal.name[:64] or "nameless"
        enforce(f"stream_key:{subject}", limit=GUESSES_PER_MINUTE, window_seconds=60)
        raise WrongKeyError
    return _begin(stream, signal)


@retry_transaction
def publishing_goes_on(signal: Signal) -> Stream:
    """Note that a show still has its picture.

    Raises ``WrongKeyError`` when it may not go on: it was ended, its key was rotated, its owner
    was suspended.
    """
    stream = _known(signal)
    if stream is None:
        raise WrongKeyError
    (stream,) = lock(stream)
    now = database_now()
    if stream.status != StreamStatus.LIVE or settle_stream(stream=stream, now=now):
        raise WrongKeyError
    if not _fits(stream, signal):
        raise WrongKeyError
    _note_picture(stream, now)
    return stream


@retry_transaction
def publishing_stopped(signal: Signal) -> Stream | None:
    """Note that the picture is gone; after a while of silence the show is over.

    The media server says so only of encoders that it had let in, whose key may be dead by now.
    """
    found = Stream.objects.live().filter(ingest_name=signal.name[:40]).first()
    if found is None:
        return None
    (stream,) = lock(found)
    if stream.status == StreamStatus.LIVE and stream.signal_lost_at is None:
        stream.signal_lost_at = database_now()
        stream.save(update_fields=["signal_lost_at"])
    return stream


@retry_transaction
def _begin(stream: Stream, signal: Signal) -> Stream:
    owner, stream = lock(stream.user, stream)
    now = database_now()
    settle_stream(stream=stream, now=now)
    if owner.status != UserStatus.ACTIVE or not _fits(stream, signal):
        raise WrongKeyError
    if has_picture(stream, now=now):
        raise PublisherThereError
    if stream.status == StreamStatus.SCHEDULED:
        _refuse_leftovers(stream, signal, now)
        _refuse_moved(stream, owner)
        begin(stream, actor=owner, now=now)
    elif stream.status != StreamStatus.LIVE:
        raise WrongKeyError
    if stream.last_signal_at is None:
        # The show counts from its first picture, and so do the places of its pins.
        stream.started_at = now
        stream.save(update_fields=["started_at", "updated_at"])
        defer(TELL_JOB, stream_id=stream.pk)
    _note_picture(stream, now)
    return stream


def _known(signal: Signal) -> Stream | None:
    """The show that ``signal`` may be for: of the right name, with the right key."""
    try:
        name = UUID(signal.name)
    except ValueError:
        return None
    if str(name) != signal.name:
        return None
    named = Q(pk=name, uses_permanent_key=False) | Q(user=name, uses_permanent_key=True)
    shows = Stream.objects.filter(
        named,
        stream_type=StreamType.LIVE,
        status__in=[StreamStatus.SCHEDULED, StreamStatus.LIVE],
        user__status=UserStatus.ACTIVE,
    ).select_related("user")
    over = Stream.objects.silent(silence=silence(), start=start())
    shows = shows.exclude(pk__in=over.order_by().values("pk"))
    # Of several that wait for the permanent key: the one that is live, else the next.
    for stream in shows.order_by("status", "scheduled_for", "created_at", "pk")[:20]:
        if _fits(stream, signal):
            return stream
    return None


def _fits(stream: Stream, signal: Signal) -> bool:
    if not stream.uses_permanent_key:
        return fits(signal.key, stream.key_hash)
    kept = StreamKey.objects.filter(user=stream.user_id).first()
    return kept is not None and fits(signal.key, kept.key_hash)


def _refuse_leftovers(stream: Stream, signal: Signal, now: datetime) -> None:
    private_before = (
        Stream.objects.filter(
            ingest_name=signal.name,
            status=StreamStatus.ENDED,
            ended_at__gt=now - REST_AFTER_PRIVATE,
        )
        .exclude(visibility=StreamVisibility.PUBLIC)
        .exclude(pk=stream.pk)
    )
    if stream.visibility == StreamVisibility.PUBLIC and private_before.exists():
        raise WrongKeyError("A private show was here a moment ago: try again in a minute.")


def _refuse_moved(stream: Stream, owner: User) -> None:
    try:
        check_audience_of(stream, owner)
    except DomainError as error:
        raise WrongKeyError(error.detail) from error


def _note_picture(stream: Stream, now: datetime) -> None:
    stream.last_signal_at, stream.signal_lost_at = now, None
    stream.save(update_fields=["last_signal_at", "signal_lost_at"])
