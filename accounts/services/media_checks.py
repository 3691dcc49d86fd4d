"""Looks into an uploaded file and says what of it may be kept."""

import hashlib
import io
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.conf import settings

from accounts.choices import MediaKind
from accounts.services.glb import check_glb
from accounts.services.images import renditions_of
from accounts.services.mp4 import read_film
from accounts.services.sniff import FileFaultError, check_pdf, content_type_of

PIECE_BYTES = 1024 * 1024
EXTENSIONS = {
    "image/webp": "webp",
    "application/pdf": "pdf",
    "model/gltf-binary": "glb",
    "video/mp4": "mp4",
}
KIND_NAMES = {
    MediaKind.IMAGE: "a JPEG, PNG or WebP picture",
    MediaKind.DOCUMENT: "a PDF document",
    MediaKind.MODEL: "a binary glTF model (GLB)",
    MediaKind.VIDEO: "an MP4 film",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One file to be kept, under its ``name``; ``whole`` for what was uploaded as it is."""

    name: str
    content: BinaryIO
    size: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What is kept of an upload; the last part is the largest."""

    content_type: str
    sha256: str
    parts: list[Part]
    duration_seconds: float | None = None
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.content_type]


def check_content(kind: str, content: BinaryIO, *, size: int) -> Checked:
    """Check ``size`` bytes of ``content`` as a file of ``kind``.

    Raises ``FileFaultError`` with a code: ``type_not_allowed`` for what is something else than
    the kind says, or one of the codes of the readers of each type.
    """
    found = content_type_of(content)
    if found is None or found not in settings.MEDIA_LIMITS[kind]["types"]:
        raise FileFaultError("type_not_allowed", f"This is not {KIND_NAMES[MediaKind(kind)]}.")
    if kind == MediaKind.IMAGE:
        return _picture(content, found)
    if kind == MediaKind.MODEL:
        return _as_it_is(content, found, size, meta={"model": check_glb(content, size=size)})
    if kind == MediaKind.VIDEO:
        film = read_film(content, size=size)
        return _as_it_is(
            content,
            found,
            size,
            duration_seconds=film.duration_seconds,
            width=film.width,
            height=film.height,
        )
    check_pdf(content, size=size)
    return _as_it_is(content, found, size)


def _picture(content: BinaryIO, original_type: str) -> Checked:
    limits = settings.MEDIA_LIMITS[MediaKind.IMAGE]
    drawn = renditions_of(content, max_pixels=limits["pixels"], sides=limits["renditions"])
    parts = [
        Part(each.name, io.BytesIO(each.data), len(each.data), each.width, each.height)
        for each in drawn
    ]
    return Checked(
        content_type="image/webp",
        sha256=hashlib.sha256(drawn[-1].data).hexdigest(),
        parts=parts,
        meta={"original": {"type": original_type, "sha256": _sha256(content)}},
    )


def _as_it_is(
    content: BinaryIO,
    content_type: str,
    size: int,
    *,
    meta: dict[str, Any] | None = None,
    duration_seconds: float | None = None,
    width: int | None = None,
    height: int | None = None,
) -> Checked:
    fingerprint = _sha256(content)
    return Checked(
        content_type=content_type,
        sha256=fingerprint,
        parts=[Part("whole", content, size, width, height)],
        duration_seconds=duration_seconds,
        meta=meta or {},
    )


def _sha256(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    content.seek(0)
    while piece := content.read(PIECE_BYTES):
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()
