"""Runs several programs as one: starts them, starts them again when they fall, stops them all.

Each program leads a session of its own, so a Ctrl-C in the terminal reaches only the supervisor,
and what a program has started goes when it goes. When the supervisor itself is killed, Linux
tells the programs to end.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

POLL_SECONDS = 0.2
STOP_SECONDS = 20.0
FIRST_PAUSE_SECONDS = 0.5
# A program that falls so often within a minute will not stand by being started once more.
FALLS_PER_MINUTE = 5
TAIL_BYTES = 2000
_SET_PARENT_DEATH_SIGNAL = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class GivenUpError(Exception):
    """A program cannot be kept running; ``tail`` is the end of what it wrote."""

    def __init__(self, name: str, tail: str) -> None:
        super().__init__(f"{name} keeps ending.")
        self.name = name
        self.tail = tail


@dataclass
class Program:
    """One program: its name for people, its command, its environment and its log."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    falls: deque[float] = field(default_factory=lambda: deque(maxlen=FALLS_PER_MINUTE))
    start_at: float = 0.0

    def start(self) -> None:
        """Start it; what it says goes to its log."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - a program of ours
                self.command,
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - the supervisor has one thread
            )

    def ended(self) -> int | None:
        """The exit status (negative for a signal) once it has ended; what it left is killed."""
        if self.process is None or self.process.poll() is None:
            return None
        status = self.process.returncode
        self._kill_group()
        self.process = None
        return status

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def make_sure(self, seconds: float) -> None:
        """Wait for its end, and kill it and what it started when ``seconds`` are over."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(seconds, 0.01))
        self._kill_group()
        self.process.wait()
        self.process = None

    def tail(self) -> str:
        """The last lines of its log."""
        if not self.log.exists():
            return ""
        text = self.log.read_bytes()[-TAIL_BYTES:].decode("utf-8", "replace")
        return "\n".join(text.strip().splitlines()[-12:])

    def _kill_group(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Keeps programs running until it is asked to stop.

    ``say`` is called with a sentence for people whenever a program falls.
    """

    def __init__(self, programs: Sequence[Program], *, say: Callable[[str], None]) -> None:
        self.programs = programs
        self.say = say
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask ``run`` to come to its end; may be called from a signal handler."""
        self._stopping.set()

    def start(self) -> None:
        """Start every program."""
        for program in self.programs:
            program.start()

    def run(self, *, until: Callable[[], bool] = lambda: False) -> bool:
        """Watch over the programs until asked to stop (False) or ``until`` holds (True).

        Raises ``GivenUpError`` when one of them keeps falling.
        """
        while not self._stopping.wait(POLL_SECONDS):
            for program in self.programs:
                self._look_after(program)
            if until():
                return True
        return False

    def stop_all(self) -> None:
        """Stop every program, the last one first, and wait until they are gone."""
        for program in reversed(self.programs):
            program.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for program in self.programs:
            program.make_sure(deadline - time.monotonic())

    def _look_after(self, program: Program) -> None:
        now = time.monotonic()
        status = program.ended()
        if status is not None:
            program.falls.append(now)
            often = len(program.falls) == FALLS_PER_MINUTE and now - program.falls[0] < 60
            if often:
                raise GivenUpError(program.name, program.tail())
            program.start_at = now + FIRST_PAUSE_SECONDS * len(program.falls)
            self.say(f"{program.name} ended ({_reason(status)}); it is started again.")
        elif program.process is None and now >= program.start_at:
            program.start()


def _reason(status: int) -> str:
    if status < 0:
        with suppress(ValueError):
            return signal.Signals(-status).name
    return f"status {status}"


def _end_with_parent() -> None:
    """In a child, before its program: have it told to end when the supervisor is gone."""
    if _libc is not None:
        _libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
