"""What the test gateway remembers: small files in a folder of its own, one caller at a time."""

import fcntl
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PAUSE_SECONDS = 0.005


class Shelf:
    """The files of a folder, by kind and name; what is put there is written at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._put: dict[Path, Any] = {}

    def get(self, kind: str, name: str) -> Any:
        """What was put there, or None."""
        path = self._path(kind, name)
        if path in self._put:
            return self._put[path]
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def put(self, kind: str, name: str, value: Any) -> None:
        """Remember ``value``, which JSON can hold."""
        self._put[self._path(kind, name)] = value

    def write(self) -> None:
        """Write what was put there, each file as a whole or not at all."""
        for path, value in self._put.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(value), encoding="utf-8")
            fresh.replace(path)

    def _path(self, kind: str, name: str) -> Path:
        digest = hashlib.sha256(name.encode()).hexdigest()
        return self.folder / kind / digest[:2] / f"{digest}.json"


@contextmanager
def locked_shelf(folder: Path, *, patience: float) -> Iterator[Shelf]:
    """The shelf, for one process at a time; what a failing block put there is not written.

    Raises ``TimeoutError`` if others have it for longer than ``patience`` seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        _wait(file.fileno(), time.monotonic() + patience)
        shelf = Shelf(folder)
        yield shelf
        shelf.write()


def _wait(descriptor: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise TimeoutError("The shelf is in use.") from None
            time.sleep(PAUSE_SECONDS)
        else:
            return
