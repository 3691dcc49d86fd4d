"""Streams before they begin: scheduled, changed, called off."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from accounts.choices import MediaKind, MediaPurpose
from accounts.models import MediaFile, User
from accounts.services.attachments import PICTURES, attach_file
from catalog.choices import ReplayVisibility, StreamStatus, StreamVisibility
from catalog.flows import STREAM_FLOW
from catalog.models import Stream
from catalog.services.stream_rights import (
    check_audience,
    may_moderate,
    require_owner,
    require_presenter,
)
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError
from config.shared.flows import move
from config.shared.jobs import defer
from config.shared.locks import lock
from config.shared.realtime import publish
from config.shared.retries import retry_transaction

TELL_OWNER_JOB = "messaging.tell_of_stream_end"
AUDIENCE_FIELDS = ("visibility", "replay_visibility", "building", "development")
TEXT_FIELDS = ("title", "description", "category")
SCHEDULE_FIELDS = ("stream_type", "uses_permanent_key", "scheduled_for")
WRITABLE_FIELDS = (*TEXT_FIELDS, *SCHEDULE_FIELDS, *AUDIENCE_FIELDS)
# What may still be changed of a stream that is on, or over: who may watch it again.
LATER_FIELDS = frozenset({*TEXT_FIELDS, "replay_visibility", "thumbnail"})
PURPOSES = frozenset({MediaPurpose.LISTING, MediaPurpose.DEVELOPMENT})
VIDEOS = frozenset({MediaKind.VIDEO})


@retry_transaction
def schedule_stream(*, actor: User, values: Mapping[str, Any]) -> Stream:
    """Announce a show of ``actor``'s, for now or for later.

    ``values`` are the title and, where given, the other writable fields and a ``thumbnail``.
    Raises ``PhoneUnverifiedError``, and ``NotAllowedError`` for a building where they do not live
    or a development that is not their builder's.
    """
    require_presenter(actor)
    picture = values.get("thumbnail")
    if picture is not None:
        (picture,) = lock(picture)
    stream = Stream(user=actor, **{k: v for k, v in values.items() if k in WRITABLE_FIELDS})
    check_audience_of(stream, actor)
    _check_schedule(stream)
    stream.save()
    stream.refresh_from_db()
    if picture is not None:
        _show_picture(stream, actor, picture)
        open_files(stream)
    audit.record(
        "catalog.stream.scheduled",
        target=stream,
        actor=actor,
        after={"title": stream.title, "visibility": stream.visibility},
    )
    return stream


@retry_transaction
def change_stream(*, stream: Stream, actor: User, changes: Mapping[str, Any]) -> Stream:
    """Change what is said of a show and who may watch.

    Once it is on or over, its words, its picture and who may watch it again are all that changes.
    """
    files: list[Model] = [changes["thumbnail"]] if changes.get("thumbnail") else []
    *_, stream = lock(*files, stream)
    require_owner(actor=actor, stream=stream)
    if stream.status == StreamStatus.CANCELLED:
        raise InvalidTransitionError(stream.status, (), "This show was called off.")
    _check_fixed(stream, changes)
    written = {name: changes[name] for name in WRITABLE_FIELDS if name in changes}
    for name, value in written.items():
        setattr(stream, name, value)
    if _widens(changes):
        check_audience_of(stream, actor)
    if "scheduled_for" in changes:
        _check_schedule(stream)
    stream.save(update_fields=[*written, "updated_at"])
    if "thumbnail" in changes:
        _show_picture(stream, actor, changes["thumbnail"])
    open_files(stream)
    return stream


@retry_transaction
def cancel_stream(*, stream: Stream, actor: User, reason: str = "") -> Stream:
    """Call a show off before it begins; the owner or moderators with a reason."""
    (stream,) = lock(stream)
    reason = checked_reason(stream=stream, actor=actor, reason=reason)
    move(
        stream,
        StreamStatus.CANCELLED,
        flow=STREAM_FLOW,
        actor=actor,
        reason=reason,
        end_reason=reason,
        ended_by=actor,
        key_hash="",
        key_hint="",
    )
    tell_devices(stream)
    tell_owner(stream, actor)
    return stream


def checked_reason(*, stream: Stream, actor: User, reason: str) -> str:
    """``reason``, if ``actor`` may end the show with it: the owner with any, moderators with one.

    Raises ``NotAllowedError``, and ``InvalidInputError`` for a moderator who gives none.
    """
    reason = reason.strip()
    if stream.user_id == actor.pk:
        return reason
    if not may_moderate(actor):
        raise NotAllowedError("Only whoever gives this show, or a moderator, may do this.")
    if not reason:
        raise InvalidInputError.at("/reason", "required", "Say why.")
    return reason


def tell_devices(stream: Stream) -> None:
    """Let the owner's other devices know that the show has begun, ended or was called off."""
    publish(
        users=[stream.user_id],
        event="stream.changed",
        data={"stream": stream.pk, "status": stream.status},
    )


def tell_owner(stream: Stream, actor: User) -> None:
    """Have the owner told, in the open transaction, that somebody else ended their show."""
    if stream.user_id != actor.pk:
        defer(TELL_OWNER_JOB, stream_id=stream.pk)


def open_files(stream: Stream) -> None:
    """Let everybody open the picture and the recording of what everybody may watch, no others'.

    The caller has locked the stream; private files are opened by whoever sees it.
    """
    shown = stream.visibility == StreamVisibility.PUBLIC
    again = (
        stream.status == StreamStatus.ENDED and stream.replay_visibility == ReplayVisibility.PUBLIC
    )
    for file_id, everybody in ((stream.thumbnail_id, shown), (stream.recording_id, again)):
        if file_id is not None:
            MediaFile.objects.filter(pk=file_id, is_private=everybody).update(
                is_private=not everybody, updated_at=database_now()
            )


def check_audience_of(stream: Stream, actor: User) -> None:
    """Refuse a show for a building or about a site that is not ``actor``'s to show."""
    check_audience(actor=actor, values={name: getattr(stream, name) for name in AUDIENCE_FIELDS})


def _widens(changes: Mapping[str, Any]) -> bool:
    """Whether more people may watch: who has moved out may still hide what was shown."""
    private = (StreamVisibility.BUILDING, ReplayVisibility.BUILDING)
    named = any(changes.get(name) is not None for name in ("building", "development"))
    return named or any(
        changes.get(name) in private for name in ("visibility", "replay_visibility")
    )


def _check_schedule(stream: Stream) -> None:
    if stream.scheduled_for is not None and stream.scheduled_for <= database_now():
        raise InvalidInputError.at("/scheduled_for", "in_the_past", "Choose a time ahead.")


def _check_fixed(stream: Stream, changes: Mapping[str, Any]) -> None:
    if stream.status == StreamStatus.SCHEDULED:
        return
    for name in sorted(changes.keys() - LATER_FIELDS):
        if changes[name] != getattr(stream, name):
            raise InvalidInputError.at(
                f"/{name}", "fixed", "This is settled once a show has begun."
            )


def _show_picture(stream: Stream, actor: User, picture: MediaFile | None) -> None:
    if picture is not None:
        attach_file(
            file=picture,
            owner=actor,
            target=stream,
            pointer="/thumbnail",
            kinds=PICTURES,
            purposes=PURPOSES,
        )
    stream.thumbnail = picture
    stream.save(update_fields=["thumbnail", "updated_at"])
