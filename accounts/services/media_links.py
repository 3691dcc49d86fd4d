"""Links to files: who holds one, for how long, and what it opens."""

from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils.http import content_disposition_header

from accounts.choices import MediaKind, MediaPurpose, MediaStatus
from accounts.exceptions import LinkRefusedError, LinkRequiredError, UploadRefusedError
from accounts.gateways.disk import DiskStore
from accounts.gateways.storage import UploadTarget, store
from accounts.models import MediaFile, User
from accounts.services.media import WAITING
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, MissingError

UPLOAD_SALT = "accounts.media.upload"
LINK_SALT = "accounts.media.link"
# Every look at these by somebody else than the owner is written down.
AUDITED = frozenset({MediaPurpose.VERIFICATION})


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that may be sent: from ``content``, or from the address ``url``."""

    media: MediaFile
    rendition: str
    size: int
    disposition: str
    content: BinaryIO | None
    url: str | None


def upload_target(media: MediaFile) -> UploadTarget:
    """The request by which the contents of an announced file are brought in."""
    seconds = settings.MEDIA_UPLOAD_SECONDS
    target = store().upload_target(
        media.incoming_key, size=media.size, content_type=media.declared_type, seconds=seconds
    )
    if target is not None:
        return target
    query = urlencode({"token": signing.dumps(str(media.pk), salt=UPLOAD_SALT)})
    return UploadTarget(
        url=f"{settings.PUBLIC_BASE_URL}/api/v1/media/{media.pk}/upload/?{query}",
        headers={"Content-Type": media.declared_type},
        expires_at=_in_seconds(seconds),
    )


def receive(*, media_id: UUID, token: str, source: BinaryIO, length: int | None) -> None:
    """Take in the contents of an announced file, on a site that keeps files on its disk.

    Raises ``UploadRefusedError`` for a wrong or old signature and for a file that is complete,
    and ``InvalidInputError`` unless exactly the announced bytes come.
    """
    if _unsigned(token, UPLOAD_SALT, settings.MEDIA_UPLOAD_SECONDS) != str(media_id):
        raise UploadRefusedError
    media = MediaFile.objects.filter(pk=media_id, status__in=WAITING).first()
    place = store()
    if media is None or not isinstance(place, DiskStore):
        raise UploadRefusedError
    if length != media.size or place.receive(media.incoming_key, source, size=length) != length:
        raise InvalidInputError.at(
            "", "size_mismatch", f"Upload exactly the {media.size} bytes that were announced."
        )
    MediaFile.objects.filter(pk=media_id, status=MediaStatus.ANNOUNCED).update(
        status=MediaStatus.UPLOADED, updated_at=database_now()
    )


def links_of(media: MediaFile, *, viewer: Any) -> dict[str, str]:
    """The addresses of a checked file by rendition; those of a private file are signed.

    A signed address is ``viewer``'s: it opens the file for minutes, and only as long as they may
    see it.
    """
    if media.status != MediaStatus.CLEAN:
        return {}
    base = f"{settings.MEDIA_BASE_URL}/api/v1/media/{media.pk}/file/"
    signed = {}
    if media.is_private:
        signed["token"] = signing.dumps([str(media.pk), str(viewer.pk)], salt=LINK_SALT)
    return {name: f"{base}?{urlencode({'rendition': name, **signed})}" for name in media.renditions}


def open_file(*, media_id: UUID, rendition: str, token: str, user: Any) -> OpenedFile:
    """Open a file for whoever holds its link; a public one for everybody.

    Raises ``MissingError`` for what they may not see, ``LinkRequiredError`` for a private file
    without a link, and ``LinkRefusedError`` for a link that is old or not ours.
    """
    viewer = _holder(media_id, token) if token else user
    media = MediaFile.objects.clean().visible_to(viewer).filter(pk=media_id).first()
    part = media.renditions.get(rendition or _largest(media)) if media else None
    if media is None or part is None:
        raise MissingError
    if media.is_private and not token:
        raise LinkRequiredError
    if media.purpose in AUDITED and media.owner_id != viewer.pk:
        audit.record("accounts.mediafile.viewed", target=media, actor=viewer)
    return _opened(media, rendition or _largest(media), part)


def _opened(media: MediaFile, rendition: str, part: dict[str, Any]) -> OpenedFile:
    is_picture = media.kind == MediaKind.IMAGE
    extension = part["key"].rpartition(".")[2]
    name = f"{media.name.rpartition('.')[0] or media.name}.{extension}"
    disposition = content_disposition_header(not is_picture, name) or "inline"
    url = store().link(
        part["key"],
        seconds=settings.MEDIA_LINK_SECONDS,
        content_type=media.content_type,
        disposition=disposition,
    )
    return OpenedFile(
        media=media,
        rendition=rendition,
        size=part["size"],
        disposition=disposition,
        content=None if url else store().open(part["key"]),
        url=url,
    )


def _largest(media: MediaFile) -> str:
    return next(
        (name for name, part in media.renditions.items() if part["key"] == media.file.name), ""
    )


def _holder(media_id: UUID, token: str) -> User:
    """The active person whom the link was made for."""
    signed = _unsigned(token, LINK_SALT, settings.MEDIA_LINK_SECONDS)
    if not isinstance(signed, list) or signed[:1] != [str(media_id)]:
        raise LinkRefusedError
    holder = User.objects.filter(pk=signed[1], is_active=True).first()
    if holder is None:
        raise LinkRefusedError
    return holder


def _unsigned(token: str, salt: str, seconds: int) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=seconds)
    except signing.BadSignature:
        return None


def _in_seconds(seconds: int) -> Any:
    from datetime import timedelta

    return database_now() + timedelta(seconds=seconds)
