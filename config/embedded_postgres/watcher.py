"""Stops the embedded server when nobody uses it any more.

Runs as a process of its own, with the standard library only, and outlives whoever started it.
Each user of the server holds a shared lock for as long as its process lives, however it ends;
the watcher waits for the exclusive lock, which it gets when the last of them is gone.
"""

import fcntl
import os
import time
from pathlib import Path

from config.embedded_postgres import processes

LINGER = 5.0


def main(home: str, linger: str) -> None:
    """Take the post of the watcher, let the starter go on, and watch.

    Returns at once where another watcher is on duty. Otherwise this process ends, and its child,
    which nobody waits for, has the post.
    """
    folder = Path(home)
    post = _open(folder / "watcher")
    try:
        fcntl.flock(post, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    start, users = _open(folder / "lock"), _open(folder / "users")
    if os.fork():
        os._exit(0)
    watch(folder / "data", post=post, start=start, users=users, linger=float(linger))
    os._exit(0)


def watch(data: Path, *, post: int, start: int, users: int, linger: float) -> None:
    while True:
        fcntl.flock(users, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_UN)
        time.sleep(linger)
        fcntl.flock(start, fcntl.LOCK_EX)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(start, fcntl.LOCK_UN)
            continue
        processes.stop(data)
        # The post is given up first: whoever starts the server next finds it vacant.
        for lock in (post, users, start):
            fcntl.flock(lock, fcntl.LOCK_UN)
        return


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CLOEXEC)
