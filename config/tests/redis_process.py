"""A Redis of one test's own."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from config.tests.server_process import free_port

TRIES = 100


@contextmanager
def redis_process(folder: Path) -> Iterator[str]:
    """Run Redis on loopback until the block ends; gives its address."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with (folder / "redis.log").open("ab") as log:
        process = subprocess.Popen([*command, "--dir", str(folder)], stdout=log, stderr=log)
    try:
        _wait(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    with redis.Redis(port=port, socket_timeout=1) as client:
        for _ in range(TRIES):
            try:
                client.ping()
            except redis.RedisError:
                time.sleep(0.05)
                continue
            return
    raise AssertionError("Redis did not start.")
