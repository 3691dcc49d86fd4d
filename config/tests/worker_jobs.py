"""Jobs that only the tests of the worker know; they write what they do into a folder."""

import os
import time
from pathlib import Path

from django.db import transaction

from config.shared.jobs import defer, job, periodic


def folder() -> Path:
    return Path(os.environ["WORKER_TEST_FOLDER"])


def note(name: str, text: str) -> None:
    with (folder() / name).open("a") as file:
        file.write(f"{text}\n")


@job(name="tests.note", retries=3, backoff=0.1)
def write_note(name: str, text: str) -> None:
    """Write a line."""
    note(name, text)


@job(name="tests.slow", retries=3, backoff=0.1)
def work_slowly(name: str, seconds: float) -> None:
    """Say that the work begins, take a while, say that it is done."""
    note(name, "begun")
    time.sleep(seconds)
    note(name, "done")


@job(name="tests.hopeless", retries=2, backoff=0.1)
def fail(name: str) -> None:
    """Fail, each time."""
    note(name, "tried")
    raise RuntimeError("this job always fails")


@job(name="tests.defers_in_vain", retries=0)
def defer_in_vain(name: str) -> None:
    """Defer one job in a transaction that is rolled back, and one in a transaction that holds."""
    try:
        with transaction.atomic():
            defer("tests.note", name=name, text="rolled back")
            raise RuntimeError
    except RuntimeError:
        with transaction.atomic():
            defer("tests.note", name=name, text="held")


if "WORKER_TEST_TICKS" in os.environ:

    @periodic("* * * * * *", name="tests.tick")
    def tick() -> None:
        """Write a line every second."""
        note("ticks", "tick")
