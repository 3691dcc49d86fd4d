"""Everything that is kept about a person, for them to take away.

At once as one JSON document; or, with their files in it, as an archive that is made in the
background, waits for two days behind links that only they get, and is then deleted.
"""

import hashlib
import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.choices import MediaKind, MediaPurpose, MediaStatus
from accounts.gateways.storage import StorageUnavailableError, store
from accounts.models import MediaFile, User
from accounts.services import media, notices
from accounts.services import personal_data as own_part  # noqa: F401 (registers itself)
from accounts.services.media_links import links_of
from accounts.services.profiles import profile_of
from accounts.services.resumes import export_resume
from accounts.services.settings import get_setting
from accounts.services.step_up import Caller, require_fresh
from config.shared import audit
from config.shared.clock import database_now
from config.shared.jobs import defer
from config.shared.locks import lock
from config.shared.personal_data import collected

JOB = "accounts.make_archive"
FORMAT = "courtyard-export/1"
PAGE = "/export/"
NAME = "courtyard-export.zip"
ZIP = "application/zip"
RENDITION = "whole"
README = """\
This archive holds what Courtyard keeps about you.

data.json    everything, by the part of Courtyard that keeps it
resume.json  your profile as a JSON Resume (https://jsonresume.org)
files/       the files you uploaded, by their keys in data.json

Passwords, codes and keys are not in it: they are kept only in forms that nobody can read.
"""


@dataclass(frozen=True, slots=True)
class Archive:
    """How far an archive is: ``none``, ``preparing`` or ``ready``."""

    state: str
    requested_at: datetime | None = None
    ready_at: datetime | None = None
    expires_at: datetime | None = None
    size: int | None = None
    url: str | None = None


def export_document(caller: Caller) -> dict[str, Any]:
    """Everything about the caller, as one document; that they asked for it is written down.

    Raises ``FreshSignInRequiredError``: who finds an open laptop does not get all of it.
    """
    require_fresh(caller)
    with transaction.atomic():
        audit.record("accounts.user.exported", target=caller.user, actor=caller.user)
    return document_of(caller.user)


def document_of(person: User) -> dict[str, Any]:
    """Everything about ``person``, as one document."""
    return {
        "format": FORMAT,
        "generated_at": timezone.now().isoformat(),
        "user_id": str(person.pk),
        "data": collected(person),
    }


def ask_for_archive(caller: Caller) -> Archive:
    """Let an archive of the caller be made, unless one is there or under way already.

    Raises ``FreshSignInRequiredError``.
    """
    require_fresh(caller)
    with transaction.atomic():
        (person,) = lock(caller.user)
        found = _newest(person)
        if found is None:
            found = MediaFile.objects.create(
                owner=person,
                kind=MediaKind.DOCUMENT,
                purpose=MediaPurpose.EXPORT,
                name=NAME,
                declared_type=ZIP,
            )
            audit.record("accounts.user.archive_requested", target=person, actor=person)
            defer(JOB, media_id=found.pk)
    return _archive(found, person)


def archive_of(*, user: User) -> Archive:
    """How far the archive of ``user`` is, with a link for the next minutes once it is there."""
    found = _newest(user)
    return Archive("none") if found is None else _archive(found, user)


def make_archive(*, media_id: UUID) -> None:
    """Make the archive and tell its owner; the job's part. A second run finds it done."""
    row = MediaFile.objects.select_related("owner").filter(pk=media_id).first()
    if row is None or row.status == MediaStatus.CLEAN:
        return
    with tempfile.TemporaryFile(dir=media.scratch_folder()) as content:
        write_archive(row.owner, content)
        size = content.tell()
        key = f"{media.folder_of(row)}/{row.pk.hex}-export.zip"
        content.seek(0)
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        content.seek(0)
        store().keep(key, content, content_type=ZIP)
    _finish(row, key=key, size=size, sha256=digest)


def archive_to(into: IO[bytes], *, person: User, actor: User | None = None) -> int:
    """Write the archive of ``person`` for somebody who asked by other ways, and note that.

    Returns how many files of theirs it holds.
    """
    with transaction.atomic():
        audit.record("accounts.user.exported", target=person, actor=actor)
    return write_archive(person, into)


def write_archive(person: User, into: IO[bytes]) -> int:
    """Write the archive of ``person`` as a zip; returns how many files of theirs it holds."""
    resume = export_resume(profile=profile_of(user=person))
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        archive.writestr("data.json", _json(document_of(person)))
        archive.writestr("resume.json", _json(resume))
        uploaded = MediaFile.objects.filter(owner=person, status=MediaStatus.CLEAN)
        return sum(_add_file(archive, row) for row in uploaded.exclude(purpose=MediaPurpose.EXPORT))


def _add_file(archive: zipfile.ZipFile, row: MediaFile) -> int:
    key = str(row.file.name)
    name = f"files/{row.pk}.{key.rpartition('.')[2]}"
    try:
        with store().open(key) as content, archive.open(name, "w") as entry:
            shutil.copyfileobj(content, entry)
    except StorageUnavailableError:
        archive.writestr(f"{name}.missing.txt", "This file could not be read.\n")
        return 0
    return 1


@transaction.atomic
def _finish(row: MediaFile, *, key: str, size: int, sha256: str) -> None:
    now = database_now()
    until = now + timedelta(hours=get_setting("export_link_hours"))
    done = MediaFile.objects.filter(pk=row.pk).exclude(status=MediaStatus.CLEAN)
    changed = done.update(
        status=MediaStatus.CLEAN,
        file=key,
        renditions={RENDITION: {"key": key, "size": size, "width": None, "height": None}},
        sha256=sha256,
        size=size,
        content_type=ZIP,
        completed_at=now,
        valid_until=until,
        updated_at=now,
    )
    if changed:
        notices.tell(row.owner, "export_ready", link_path=PAGE, valid_until=until)


def _newest(person: User) -> MediaFile | None:
    """The archive that is there or under way; one that is past its time does not count."""
    rows = MediaFile.objects.filter(owner=person, purpose=MediaPurpose.EXPORT)
    waiting = rows.filter(status__in=media.WAITING)
    return (rows.clean() | waiting).order_by("-created_at", "pk").first()


def _archive(row: MediaFile, person: User) -> Archive:
    ready = row.status == MediaStatus.CLEAN
    return Archive(
        state="ready" if ready else "preparing",
        requested_at=row.created_at,
        ready_at=row.completed_at,
        expires_at=row.valid_until,
        size=row.size if ready else None,
        url=links_of(row, viewer=person).get(RENDITION),
    )


def _json(document: Any) -> bytes:
    return json.dumps(document, indent=2, ensure_ascii=False).encode()
