"""A real worker in a process of its own, for tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import connections


class WorkerProcess:
    """``manage.py worker`` on the test's databases; ended when its block ends."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.folder = folder
        self.arguments = arguments
        self.environment = environment
        self.log = folder / f"worker-{time.monotonic_ns()}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        environment = {
            **os.environ,
            **self.environment,
            "DJANGO_SETTINGS_MODULE": "config.tests.worker_settings",
            "WORKER_TEST_DATABASE": connections["default"].settings_dict["NAME"],
            "WORKER_TEST_CREDENTIALS": connections["credentials"].settings_dict["NAME"],
            "WORKER_TEST_FOLDER": str(self.folder),
            "PYTHONUNBUFFERED": "1",
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "worker", *self.arguments],
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.running.poll() is None:
            self.running.kill()
            self.running.wait()

    @property
    def running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise AssertionError("The worker was not started.")
        return self.process

    def wait_until_ready(self) -> None:
        """Wait until it takes jobs."""
        self.wait_for(lambda: "the worker is ready" in self.output(), "to be ready")

    def wait_for(self, condition: Callable[[], bool], what: str, seconds: float = 40) -> None:
        """Wait for something to become true, or fail with what the worker wrote."""
        deadline = time.monotonic() + seconds
        while not condition():
            ended = self.running.poll() is not None
            if (ended and not condition()) or time.monotonic() > deadline:
                raise AssertionError(f"Waited in vain for the worker {what}:\n{self.output()}")
            time.sleep(0.05)

    def terminate(self) -> int:
        """Ask it to stop, and return its exit status."""
        self.running.send_signal(signal.SIGTERM)
        return self.running.wait(timeout=40)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.running.kill()
        self.running.wait(timeout=10)

    def output(self) -> str:
        """What it has written so far."""
        return self.log.read_text()

    def notes(self, name: str) -> list[str]:
        """The lines that the tests' jobs have written under ``name``."""
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []
