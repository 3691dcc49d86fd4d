"""Streams that are on: going live, the end, and the end that silence makes."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import MediaFile, User
from accounts.services.attachments import attach_file
from catalog.choices import StreamStatus, StreamType
from catalog.flows import STREAM_FLOW
from catalog.models import Stream, StreamKey
from catalog.services.stream_keys import give_key
from catalog.services.stream_rights import require_owner, require_presenter
from catalog.services.stream_times import silence, silent_since, start
from catalog.services.streams import (
    PURPOSES,
    VIDEOS,
    check_audience_of,
    checked_reason,
    open_files,
    tell_devices,
    tell_owner,
)
from catalog.stream_exceptions import (
    LiveAlreadyError,
    LiveVideoOffError,
    PermanentKeyMissingError,
)
from config.shared.clock import database_now
from config.shared.errors import InvalidTransitionError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.realtime import broadcast
from config.shared.retries import retry_transaction

ONE_LIVE = "catalog_stream_one_live"
NAME_TAKEN = "catalog_stream_ingest_name"
SILENCE = "No picture came any more."
SWEEP_BATCH = 200


def live_video_is_on() -> bool:
    """Whether this site has a media server."""
    return bool(settings.MEDIA_SERVER_RTMP_URL)


@retry_transaction
def go_live(*, stream: Stream, actor: User) -> tuple[Stream, str | None]:
    """Begin a show; returns it with its new key, or None where the permanent key is used.

    It waits for its first picture, from which it counts; followers are told then. Of several
    shows that one person begins at once, one is live. Raises ``NotAllowedError`` also for who has
    moved out of the building that it is for, ``LiveVideoOffError``, ``LiveAlreadyError`` and
    ``PermanentKeyMissingError``.
    """
    actor, stream = lock(actor, stream)
    require_owner(actor=actor, stream=stream)
    require_presenter(actor)
    if not live_video_is_on():
        raise LiveVideoOffError
    require_live_type(stream)
    check_audience_of(stream, actor)
    if stream.uses_permanent_key and not StreamKey.objects.filter(user=actor).exists():
        raise PermanentKeyMissingError
    begin(stream, actor=actor, now=database_now())
    return stream, None if stream.uses_permanent_key else give_key(stream)


def begin(stream: Stream, *, actor: User | None, now: datetime) -> None:
    """Move the locked ``stream``, whose owner is locked too, to live, if no other of theirs is."""
    STREAM_FLOW.check(stream.status, StreamStatus.LIVE)
    others = Stream.objects.live().filter(user=stream.user_id).exclude(pk=stream.pk)
    for other in lock(*others.order_by("pk")):
        settle_stream(stream=other, now=now)
        if other.status == StreamStatus.LIVE:
            raise LiveAlreadyError(stream=str(other.pk))
    name = ingest_name_of(stream)
    try:
        with transaction.atomic():
            move(
                stream,
                StreamStatus.LIVE,
                flow=STREAM_FLOW,
                actor=actor,
                started_at=now,
                ingest_name=name,
                viewer_count=0,
            )
    except IntegrityError as error:
        # Nobody gets here past the owner's lock; were it not taken, the database would refuse.
        if ONE_LIVE in str(error) or NAME_TAKEN in str(error):
            raise LiveAlreadyError from error
        raise
    tell_devices(stream)


def ingest_name_of(stream: Stream) -> str:
    """What an encoder publishes under: the stream's public identifier.

    With a permanent key it is the person's, so that an encoder never has to be set up anew.
    """
    return str(stream.user_id if stream.uses_permanent_key else stream.pk)


@retry_transaction
def end_stream(*, stream: Stream, actor: User, reason: str = "") -> Stream:
    """End a show: its owner, or moderators with a reason.

    Whoever publishes is dropped when the media server asks next. Raises ``NotAllowedError``,
    ``InvalidInputError`` for a moderator without a reason, and ``InvalidTransitionError`` for a
    show that is not on.
    """
    (stream,) = lock(stream)
    reason = checked_reason(stream=stream, actor=actor, reason=reason)
    now = database_now()
    settle_stream(stream=stream, now=now)
    if stream.status != StreamStatus.LIVE:
        raise InvalidTransitionError(stream.status, STREAM_FLOW.allowed(stream.status))
    finish(stream, actor=actor, ended_at=now, reason=reason)
    tell_owner(stream, actor)
    return stream


def settle_stream(*, stream: Stream, now: datetime) -> bool:
    """End the locked ``stream`` if its picture has been away for too long; whether it did."""
    since = silent_since(stream, now=now)
    if since is None:
        return False
    finish(stream, actor=None, ended_at=since, reason=SILENCE)
    return True


@retry_transaction
def show_recording(*, stream: Stream, actor: User, recording: MediaFile) -> Stream:
    """Attach the film of a show that is over; a recorded show is published with it.

    Who may watch it is ``replay_visibility``'s to say, whoever could watch it live.
    """
    recording, stream = lock(recording, stream)
    require_owner(actor=actor, stream=stream)
    require_presenter(actor)
    if stream.status == StreamStatus.SCHEDULED and stream.stream_type == StreamType.RECORDED:
        now = database_now()
        move(
            stream,
            StreamStatus.ENDED,
            flow=STREAM_FLOW,
            actor=actor,
            started_at=now,
            ended_at=now,
        )
    if stream.status != StreamStatus.ENDED:
        raise InvalidTransitionError(stream.status, STREAM_FLOW.allowed(stream.status))
    attach_file(
        file=recording,
        owner=actor,
        target=stream,
        pointer="/recording",
        kinds=VIDEOS,
        purposes=PURPOSES,
    )
    stream.recording = recording
    if recording.duration_seconds is not None and stream.stream_type == StreamType.RECORDED:
        stream.duration_seconds = round(recording.duration_seconds)
    stream.save(update_fields=["recording", "duration_seconds", "updated_at"])
    open_files(stream)
    return stream


def sweep() -> int:
    """End every show whose picture is gone, and return how many: reads do not wait for this."""
    gone = Stream.objects.silent(silence=silence(), start=start())
    keys = list(gone.order_by("pk").values_list("pk", flat=True)[:SWEEP_BATCH])
    return sum(_sweep_one(key) for key in keys)


@retry_transaction
def _sweep_one(key: UUID) -> bool:
    stream = Stream.objects.filter(pk=key).first()
    if stream is None:
        return False
    (stream,) = lock(stream)
    return settle_stream(stream=stream, now=database_now())


def require_live_type(stream: Stream) -> None:
    """Raise ``InvalidTransitionError`` for a recorded show, which is published, never live."""
    if stream.stream_type != StreamType.LIVE:
        raise InvalidTransitionError(
            stream.status, [StreamStatus.ENDED], "A recorded show is published with its film."
        )


def finish(stream: Stream, *, actor: User | None, ended_at: datetime, reason: str) -> None:
    """Move the locked, live ``stream`` to ended, and tell whoever is watching."""
    began = stream.started_at or ended_at
    seconds = (ended_at - began).total_seconds() if stream.last_signal_at else 0
    move(
        stream,
        StreamStatus.ENDED,
        flow=STREAM_FLOW,
        actor=actor,
        reason=reason,
        ended_at=max(ended_at, began),
        ended_by=actor,
        end_reason=reason,
        duration_seconds=max(0, round(seconds)),
        viewer_count=0,
    )
    tell_devices(stream)
    broadcast(
        topic=f"stream:{stream.pk}",
        event="stream.viewers",
        data={"stream": stream.pk, "status": stream.status, "viewer_count": 0},
    )
