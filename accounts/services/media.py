"""Files: announced, uploaded, checked, and only then there for anybody else.

What arrives is copied out of ``incoming/`` before it is looked at, and only that copy is kept:
whoever still holds a signed upload can change nothing that was checked.
"""

import secrets
import tempfile
from datetime import timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from accounts.choices import MediaStatus
from accounts.exceptions import (
    FileInUseError,
    FileRejectedError,
    TooManyFilesError,
)
from accounts.gateways.storage import NotUploadedError, store
from accounts.models import MediaFile, User
from accounts.services.media_checks import Checked, check_content
from accounts.services.settings import get_setting
from accounts.services.sniff import FileFaultError
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, MissingError
from config.shared.jobs import defer
from config.shared.locks import lock, lock_one

FORGET_JOB = "accounts.forget_media_contents"
WAITING = (MediaStatus.ANNOUNCED, MediaStatus.UPLOADED)
ABANDONED_AFTER = timedelta(days=1)
REJECTED_KEPT = timedelta(days=7)
SWEEP_BATCH = 500
ONE_DAY = timedelta(days=1)


def announce(
    *, owner: User, name: str, kind: str, purpose: str, size: int, content_type: str
) -> MediaFile:
    """Write down that ``owner`` is about to upload a file of ``size`` bytes.

    Raises ``InvalidInputError`` for a size or a type that the kind does not take, and
    ``TooManyFilesError`` when the owner's day or space is used up.
    """
    _check_announcement(kind, size, content_type)
    with transaction.atomic():
        (person,) = lock(owner)
        _check_quota(person, size)
        return MediaFile.objects.create(
            owner=person,
            name=name,
            kind=kind,
            purpose=purpose,
            size=size,
            declared_type=content_type,
            incoming_key=f"incoming/{secrets.token_hex(16)}",
        )


def complete(*, media: MediaFile) -> MediaFile:
    """Check what has arrived for ``media`` and keep it; a second call finds it done.

    Raises ``InvalidInputError`` with the code ``not_uploaded`` or ``size_mismatch`` (the upload
    can be repeated), or with that of a fault in the file (it is rejected for good); afterwards
    ``FileRejectedError``. Not to be called inside a transaction: a picture takes a while.
    """
    if media.status == MediaStatus.CLEAN:
        return media
    if media.status == MediaStatus.REJECTED:
        raise FileRejectedError(rejection_code=media.rejection_code)
    with tempfile.TemporaryFile(dir=scratch_folder()) as content:
        _fetch(media, content)
        try:
            checked = check_content(media.kind, content, size=media.size)
        except FileFaultError as fault:
            _reject(media, fault)
            raise InvalidInputError.at("", fault.code, fault.detail) from None
        kept = _keep(media, checked)
    return _accept(media, checked, kept)


def remove(*, media: MediaFile) -> None:
    """Delete a file of one's own, unless something still shows it."""
    with transaction.atomic():
        (found,) = lock(media)
        if found.target_id is not None:
            raise FileInUseError
        discard(found)


def discard(media: MediaFile) -> None:
    """Delete ``media`` in the open transaction; its contents go once that is committed."""
    defer(FORGET_JOB, keys=[media.incoming_key], folder=folder_of(media))
    media.delete()


def forget_contents(*, keys: list[str], folder: str) -> None:
    """Delete stored contents; the job's part."""
    store().forget([key for key in keys if key], folder=folder)


def sweep() -> int:
    """Delete what was never completed, was rejected a week ago, or is past its time."""
    now = database_now()
    due = MediaFile.objects.filter(
        Q(status__in=WAITING, created_at__lt=now - ABANDONED_AFTER)
        | Q(status=MediaStatus.REJECTED, updated_at__lt=now - REJECTED_KEPT)
        | Q(valid_until__lt=now, target_id__isnull=True)
    ).order_by("created_at", "pk")
    return sum(_sweep_one(key, due) for key in due.values_list("pk", flat=True)[:SWEEP_BATCH])


def folder_of(media: MediaFile) -> str:
    """Where everything that is kept of ``media`` lies."""
    return f"media/{media.pk.hex[:4]}/{media.pk.hex}"


def _check_announcement(kind: str, size: int, content_type: str) -> None:
    limits = settings.MEDIA_LIMITS[kind]
    if content_type not in limits["types"]:
        allowed = ", ".join(limits["types"])
        raise InvalidInputError.at("/content_type", "type_not_allowed", f"Upload {allowed}.")
    if size > limits["bytes"]:
        megabytes = limits["bytes"] // settings.MEGABYTE
        raise InvalidInputError.at("/size", "file_too_large", f"At most {megabytes} MB.")


def _check_quota(person: User, size: int) -> None:
    """Called with the person locked, so that of two announcements one counts the other."""
    theirs = MediaFile.objects.filter(owner=person)
    today = theirs.filter(created_at__gt=database_now() - ONE_DAY).count()
    if today >= get_setting("media_files_per_day"):
        raise TooManyFilesError("You have uploaded as many files as a day allows.")
    kept = theirs.exclude(status=MediaStatus.REJECTED).aggregate(bytes=Sum("size"))["bytes"] or 0
    if kept + size > get_setting("media_bytes_per_person"):
        raise TooManyFilesError("Your files take as much space as one person may use.")


def scratch_folder() -> str:
    """A folder on the disk: the system's own may lie in memory."""
    folder = settings.DATA_DIR / "tmp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(folder)


def _fetch(media: MediaFile, content: BinaryIO) -> None:
    try:
        came = store().fetch_incoming(media.incoming_key, content, at_most=media.size + 1)
    except NotUploadedError:
        raise InvalidInputError.at("", "not_uploaded", "Upload the file first.") from None
    if came != media.size:
        raise InvalidInputError.at(
            "", "size_mismatch", f"Upload exactly the {media.size} bytes that were announced."
        )


@transaction.atomic
def _reject(media: MediaFile, fault: FileFaultError) -> None:
    MediaFile.objects.filter(pk=media.pk, status__in=WAITING).update(
        status=MediaStatus.REJECTED, rejection_code=fault.code, updated_at=database_now()
    )
    defer(FORGET_JOB, keys=[media.incoming_key], folder="")


def _keep(media: MediaFile, checked: Checked) -> dict[str, dict[str, Any]]:
    """Store the parts under names that nobody can guess."""
    kept = {}
    word = secrets.token_hex(12)
    for part in checked.parts:
        key = f"{folder_of(media)}/{word}-{part.name}.{checked.extension}"
        store().keep(key, part.content, content_type=checked.content_type)
        kept[part.name] = {
            "key": key,
            "size": part.size,
            "width": part.width,
            "height": part.height,
        }
    return kept


@transaction.atomic
def _accept(media: MediaFile, checked: Checked, kept: dict[str, dict[str, Any]]) -> MediaFile:
    largest = checked.parts[-1]
    now = database_now()
    accepted = MediaFile.objects.filter(pk=media.pk, status__in=WAITING).update(
        status=MediaStatus.CLEAN,
        file=kept[largest.name]["key"],
        renditions=kept,
        sha256=checked.sha256,
        size=largest.size,
        content_type=checked.content_type,
        width=largest.width,
        height=largest.height,
        duration_seconds=checked.duration_seconds,
        meta=checked.meta,
        completed_at=now,
        updated_at=now,
    )
    surplus = [] if accepted else [part["key"] for part in kept.values()]
    defer(FORGET_JOB, keys=[media.incoming_key, *surplus], folder="")
    found = MediaFile.objects.filter(pk=media.pk, status=MediaStatus.CLEAN).first()
    if found is None:
        raise MissingError
    return found


@transaction.atomic
def _sweep_one(key: UUID, due: QuerySet[MediaFile]) -> int:
    try:
        media = lock_one(due, pk=key)
    except MissingError:
        return 0
    discard(media)
    return 1
