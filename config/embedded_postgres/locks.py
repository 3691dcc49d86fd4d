"""Locks between processes, which end with the process that holds them, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded_postgres.account import Account
from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.folders import open_private

PATIENCE = 180.0


@contextmanager
def held(path: Path, account: Account) -> Iterator[int]:
    """Hold the exclusive lock on ``path`` and give its descriptor."""
    descriptor = open_private(path, account)
    try:
        acquire(descriptor, path, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def acquire(descriptor: int, path: Path, kind: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not try_acquire(descriptor, kind):
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(
                f"Another process has held {path} for {PATIENCE:.0f} seconds while it starts or "
                "stops the embedded database. End it, and try again."
            )
        time.sleep(0.02)


def try_acquire(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path, account: Account) -> bool:
    """Whether some process holds the exclusive lock on ``path``."""
    descriptor = open_private(path, account)
    try:
        return not try_acquire(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)
