"""Which processes belong to a cluster. Standard library only: the watcher uses it, too.

A process id is believed only if that process is alive, not a zombie, and was started for our
data folder: ids are used again, and a file that outlived its server may name a stranger.
"""

import itertools
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def postmaster(data: Path) -> int | None:
    """The id of the running server of ``data``, or None."""
    try:
        first = (data / "postmaster.pid").read_text().partition("\n")[0]
        pid = int(first)
    except (OSError, ValueError):
        return None
    return pid if pid > 0 and is_server_of(pid, data) else None


def socket_folder(data: Path) -> Path | None:
    """The folder that the running server of ``data`` opened its socket in."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    return Path(lines[4]) if len(lines) > 4 and lines[4] else None


def is_server_of(pid: int, data: Path) -> bool:
    try:
        arguments = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    wanted = os.fsencode(data)
    pairs = itertools.pairwise(arguments)
    return any(name == b"-D" and value == wanted for name, value in pairs) and not is_zombie(pid)


def is_zombie(pid: int) -> bool:
    """Whether the process has ended; what it ended with may still wait to be read."""
    try:
        text = (PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return True
    return text.rpartition(b")")[2].split()[0] in {b"Z", b"X"}


def members(data: Path) -> list[int]:
    """All live processes of the cluster: PostgreSQL works inside its data folder."""
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            if (entry / "cwd").readlink() == data and not is_zombie(int(entry.name)):
                found.append(int(entry.name))
    return found


def wait_until_gone(data: Path, seconds: float) -> bool:
    """Wait for every process of the cluster to end; False if some are still there."""
    deadline = time.monotonic() + seconds
    while members(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def stop(data: Path, *, seconds: float = 60) -> bool:
    """End the server of ``data``: sessions are cut off, what was committed stays.

    Returns whether no server is left.
    """
    pid = postmaster(data)
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
    return wait_until_gone(data, seconds)
