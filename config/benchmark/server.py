"""The servers that are measured: granian with two threads a process, or with sockets."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

START_SECONDS = 60
STOP_SECONDS = 20
PAGES = ("--interface", "wsgi", "--no-ws", "--blocking-threads", "2", "config.wsgi:application")
SOCKETS = ("--interface", "asginl", "--ws", "config.asgi:application")


@dataclass(frozen=True, slots=True)
class Running:
    """A server on loopback."""

    pid: int
    port: int


@contextmanager
def serve(*, workers: int, sockets: bool = False) -> Iterator[Running]:
    """Run the web server, or the one with ``sockets``, with the present settings."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--host", "127.0.0.1", "--log-level", "error"]
    command += ["--port", str(port), "--workers", str(workers), *(SOCKETS if sockets else PAGES)]
    environment = {**os.environ, "LOG_LEVEL": "ERROR"}
    environment["DJANGO_SETTINGS_MODULE"] = os.environ["DJANGO_SETTINGS_MODULE"]
    process = subprocess.Popen(  # noqa: S603 - our own server
        command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.DEVNULL
    )
    try:
        _wait(process, port)
        yield Running(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    address = f"http://127.0.0.1:{port}/api/v1/health/live/"
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("The server did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
