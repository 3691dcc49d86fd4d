"""Files on the disk, readable by this process's user only."""

import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from accounts.gateways.storage import (
    NotUploadedError,
    StorageUnavailableError,
    UploadTarget,
    copy_bounded,
)


class DiskStore:
    """A folder; a file appears under its name only when it is complete."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def upload_target(
        self, key: str, *, size: int, content_type: str, seconds: int
    ) -> UploadTarget | None:
        return None

    def receive(self, key: str, source: BinaryIO, *, size: int) -> int:
        """Take an upload in; it is dropped unless exactly ``size`` bytes came. Returns how many."""
        with self._writing(key) as (file, accept):
            came = copy_bounded(source, file, at_most=size)
            if came == size and not source.read(1):
                accept()
            return came

    def fetch_incoming(self, key: str, into: BinaryIO, *, at_most: int) -> int:
        try:
            with self.path(key).open("rb") as source:
                return copy_bounded(source, into, at_most=at_most)
        except FileNotFoundError:
            raise NotUploadedError from None

    def keep(self, key: str, content: BinaryIO, *, content_type: str) -> None:
        with self._writing(key) as (file, accept):
            shutil.copyfileobj(content, file)
            accept()

    def open(self, key: str) -> BinaryIO:
        try:
            return self.path(key).open("rb")
        except OSError as exc:
            raise StorageUnavailableError from exc

    def link(self, key: str, *, seconds: int, content_type: str, disposition: str) -> str | None:
        return None

    def forget(self, keys: Iterable[str], *, folder: str = "") -> None:
        for key in keys:
            self.path(key).unlink(missing_ok=True)
        if folder:
            shutil.rmtree(self.path(folder), ignore_errors=True)

    def path(self, key: str) -> Path:
        """The place of ``key``, which never leads out of the folder."""
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()) or path == self.root.resolve():
            raise ValueError("A key lies below the folder of files.")
        return path

    @contextmanager
    def _writing(self, key: str) -> Iterator[tuple[BinaryIO, "Accept"]]:
        path = self.path(key)
        unfinished = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            accept = Accept(unfinished, path)
            with os.fdopen(handle, "wb") as file:
                yield file, accept
                if accept.accepted:
                    file.flush()
                    os.fsync(file.fileno())
            accept.finish()
        except OSError as exc:
            raise StorageUnavailableError from exc
        finally:
            with suppress(OSError):
                unfinished.unlink()


class Accept:
    """Says that a file is complete; without being called, it is dropped."""

    def __init__(self, unfinished: Path, path: Path) -> None:
        self.unfinished = unfinished
        self.path = path
        self.accepted = False

    def __call__(self) -> None:
        self.accepted = True

    def finish(self) -> None:
        """Give the complete file its name."""
        if self.accepted:
            self.unfinished.replace(self.path)
