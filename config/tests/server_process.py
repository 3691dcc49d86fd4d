"""A real web server with several worker processes, for tests that end some of them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import connections

START_SECONDS = 60
STOP_SECONDS = 20


class ServerProcess:
    """Granian on loopback over the test's databases.

    A worker that ends is started again by the server, and the server itself, which gives up when
    a worker ends too often, by ``keep_up``, as whatever keeps services running would.
    """

    interface = "wsgi"
    options: tuple[str, ...] = ("--no-ws", "--blocking-threads", "2")

    def __init__(self, folder: Path, *, workers: int = 1, **environment: str) -> None:
        self.port = free_port()
        self.workers = workers
        self.environment = environment
        self.folder = folder
        self.log = folder / f"server-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._start()
        try:
            self._wait()
        except AssertionError:
            self._stop()
            raise
        return self

    def _start(self) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.tests.worker_settings",
            "WORKER_TEST_DATABASE": connections["default"].settings_dict["NAME"],
            "WORKER_TEST_CREDENTIALS": connections["credentials"].settings_dict["NAME"],
            "WORKER_TEST_FOLDER": str(self.folder),
            "LOG_LEVEL": "ERROR",
            **self.environment,
        }
        command = [sys.executable, "-m", "granian", "--interface", self.interface]
        command += ["--host", "127.0.0.1", "--port", str(self.port), *self.options]
        command += ["--workers", str(self.workers), "--log-level", "warning"]
        command += ["--respawn-failed-workers", "--respawn-interval", "0.1"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, f"config.{self.interface[:4]}:application"],
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()

    @property
    def running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise AssertionError("The server was not started.")
        return self.process

    def worker_keys(self) -> list[int]:
        """The processes that answer requests: the children of the server that we started."""
        mother = self.running.pid
        with suppress(OSError):
            children = Path(f"/proc/{mother}/task/{mother}/children").read_text(encoding="ascii")
            return sorted(map(int, children.split()))
        return []

    def kill_worker(self) -> int:
        """End the worker that has been there longest, as a crash would; 0 where none is left."""
        key = next(iter(self.worker_keys()), 0)
        if key:
            with suppress(ProcessLookupError):
                os.kill(key, signal.SIGKILL)
        return key

    def keep_up(self) -> None:
        """Start the server again if it has ended."""
        if self.running.poll() is not None:
            self._start()

    def output(self) -> str:
        """What it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _wait(self) -> None:
        address = f"http://127.0.0.1:{self.port}/api/v1/health/live/"
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.running.poll() is None:
            try:
                with urllib.request.urlopen(address, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"The server did not start:\n{self.output()}")

    def _stop(self) -> None:
        """Ask the server to end; what does not end within a while is ended."""
        keys = self.worker_keys()
        self.running.terminate()
        try:
            self.running.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()
            for key in keys:
                with suppress(ProcessLookupError):
                    os.kill(key, signal.SIGKILL)


class SocketServer(ServerProcess):
    """The same, with WebSockets."""

    interface = "asginl"
    options = ("--ws",)


def free_port() -> int:
    """A port of loopback that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
