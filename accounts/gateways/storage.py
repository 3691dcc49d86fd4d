"""Where files are kept: on the disk, or in a store that speaks S3.

Whatever the store, an upload arrives under ``incoming/`` by a single PUT that was signed for it,
is read back from there, and only what was checked is written under ``media/``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Protocol

from django.conf import settings

from config.shared.errors import UnavailableError

PIECE_BYTES = 64 * 1024


class NotUploadedError(Exception):
    """Nothing has arrived under this key."""


class StorageUnavailableError(UnavailableError):
    """The store of files does not answer."""

    code = "storage_unavailable"
    title = "Files cannot be stored or read at this moment"


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """The one request that brings a file in."""

    url: str
    expires_at: datetime
    method: str = "PUT"
    headers: dict[str, str] = field(default_factory=dict)


class MediaStore(Protocol):
    """A place for files. All methods may raise ``StorageUnavailableError``."""

    def upload_target(
        self, key: str, *, size: int, content_type: str, seconds: int
    ) -> UploadTarget | None:
        """A request that brings in exactly this file; None where the site takes it in itself."""

    def fetch_incoming(self, key: str, into: BinaryIO, *, at_most: int) -> int:
        """Copy up to ``at_most`` bytes that arrived under ``key``; returns how many there were.

        Raises ``NotUploadedError``.
        """

    def keep(self, key: str, content: BinaryIO, *, content_type: str) -> None:
        """Store ``content`` under ``key``."""

    def open(self, key: str) -> BinaryIO:
        """Read what is stored under ``key``."""

    def link(self, key: str, *, seconds: int, content_type: str, disposition: str) -> str | None:
        """An address that serves ``key`` for a while; None where the site serves it itself."""

    def forget(self, keys: Iterable[str], *, folder: str = "") -> None:
        """Delete ``keys`` and everything below ``folder``; what is not there is no fault."""


def store() -> MediaStore:
    """The store that the settings name."""
    if settings.S3_BUCKET:
        from accounts.gateways.s3 import S3Store

        return S3Store()
    from accounts.gateways.disk import DiskStore

    return DiskStore(settings.MEDIA_ROOT)


def copy_bounded(source: BinaryIO, into: BinaryIO, *, at_most: int) -> int:
    """Copy from one stream to another, no more than ``at_most`` bytes; returns how many."""
    copied = 0
    while copied < at_most:
        piece = source.read(min(PIECE_BYTES, at_most - copied))
        if not piece:
            break
        into.write(piece)
        copied += len(piece)
    return copied
