"""Runs ``manage.py demo`` as a newcomer would: in an empty folder, without any settings."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.embedded_postgres.server import PROJECT

READY = "Courtyard is ready at "
PATIENCE = 120.0
STOP_SECONDS = 45.0
# What a newcomer's shell does not have.
OURS = ("DATABASE_URL", "CREDS_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "ENV_FILE")


class Demo:
    """A demo over the data in ``folder``."""

    def __init__(self, folder: Path, *options: str, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.log = folder.with_name(f"{folder.name}-{self.port}.log")
        environment = {key: value for key, value in os.environ.items() if key not in OURS}
        environment |= {"DATA_DIR": str(folder), "ENV_FILE": "/dev/null"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(self.port), *options],
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """What it has said so far."""
        return self.log.read_text(encoding="utf-8")

    def wait_until_ready(self) -> "Demo":
        """Wait for the sentence that says so."""
        return self.wait_until_it_says(READY)

    def wait_until_it_says(self, words: str) -> "Demo":
        """Wait for ``words`` in its output."""
        wait_for(lambda: words in self.output or self.process.poll() is not None)
        if words not in self.output:
            raise AssertionError(f"The demo ended without saying {words!r}:\n{self.output}")
        return self

    def ask(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Call the API; gives status and body, 0 while nobody answers."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | headers
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data=data, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, read(response)
        except urllib.error.HTTPError as error:
            return error.code, read(error)
        except (urllib.error.URLError, OSError):
            return 0, None

    def processes(self) -> dict[int, str]:
        """Every process that works on this demo's data, by its key, with its command."""
        mark = str(self.folder).encode()
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (command := command_of(entry, mark)):
                found[int(entry.name)] = command
        return found

    def program(self, pattern: str) -> int:
        """The oldest process whose command looks like ``pattern``; 0 if there is none."""
        found = [key for key, command in self.processes().items() if re.search(pattern, command)]
        return min(found, default=0)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop, and give its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"It did not stop:\n{self.output}") from None


def command_of(entry: Path, mark: bytes) -> str:
    """The command of a living process whose command or environment holds ``mark``."""
    try:
        command = (entry / "cmdline").read_bytes()
        if mark not in command and mark not in (entry / "environ").read_bytes():
            return ""
    except OSError:
        return ""
    return command.replace(b"\0", b" ").decode("utf-8", "replace")


def read(response: Any) -> Any:
    """The body, as JSON where it is."""
    content = response.read()
    return json.loads(content) if "json" in response.headers.get("Content-Type", "") else content


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], Any], *, seconds: float = PATIENCE) -> Any:
    """Wait until ``condition`` gives something true, and give that."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds:g} seconds in vain.")
        time.sleep(0.2)
    return found
