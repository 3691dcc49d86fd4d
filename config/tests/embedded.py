"""Helpers of the tests of the embedded server: folders, and processes that use it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from config.embedded_postgres import processes
from config.embedded_postgres.server import PROJECT

PID = "SELECT pg_backend_pid(), pg_postmaster_start_time()"
NOBODY = 65534
PATIENCE = 60.0
# Where the interpreter that runs the tests finds our packages; others are told by PYTHONPATH.
PACKAGES = str(Path(psycopg.__file__).parent.parent)


def become(uid: int) -> list[str]:
    return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]


def python_for_others() -> str:
    """An interpreter of this version that other accounts can run with our packages, or ""."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return ""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    same = f"sys.version_info[:2] == {sys.version_info[:2]}"
    code = f"import os, sys, psycopg; sys.exit(not ({same} and os.access(sys.executable, os.X_OK)))"
    for candidate in (sys.executable, f"/usr/bin/python{here}", f"/usr/local/bin/python{here}"):
        probe = [*become(NOBODY), candidate, "-c", code]
        environment = {"PYTHONPATH": PACKAGES}
        done = subprocess.run(probe, check=False, capture_output=True, cwd="/", env=environment)
        if done.returncode == 0:
            return candidate
    return ""


@contextmanager
def fresh_folder(name: str = "data") -> Iterator[Path]:
    """A folder for one server, which every account can enter; gone afterwards, like the server."""
    top = Path(tempfile.mkdtemp(prefix="courtyard-test-", dir="/tmp"))
    top.chmod(0o755)
    folder = top / name
    try:
        yield folder
    finally:
        for data in folder.glob("postgres*/data"):
            processes.stop(data)
        shutil.rmtree(top, ignore_errors=True)


class User:
    """A running process that answers queries through the embedded server of a folder."""

    def __init__(self, folder: Path, *, uid: int | None = None) -> None:
        command = [sys.executable] if uid is None else [*become(uid), python_for_others()]
        self.process = subprocess.Popen(
            [*command, "-m", "config.tests.embedded_user", str(folder)],
            cwd=PROJECT,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": PACKAGES,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, query: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(query + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def query(self, query: str = PID) -> dict[str, Any]:
        self.ask(query)
        return self.answer()

    def kill(self) -> None:
        self.process.kill()
        self.close()

    def close(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()
        self.process.wait(PATIENCE)


@contextmanager
def using(folder: Path, *, uid: int | None = None) -> Iterator[User]:
    user = User(folder, uid=uid)
    try:
        yield user
    finally:
        user.close()


def data_of(folder: Path) -> Path:
    return next(folder.glob("postgres*")) / "data"


def rows(folder: Path, database: str, query: LiteralString) -> list[tuple[Any, ...]]:
    """What a query finds on the running server of ``folder``, asked without Django."""
    place = {"host": str(data_of(folder).parent / "socket"), "user": "postgres"}
    with psycopg.connect(**place, dbname=database) as connection:
        return connection.execute(query).fetchall()


def wait_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def environment(folder: Path) -> dict[str, str]:
    """Variables with which a command uses the embedded server of ``folder`` and nothing of ours."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": PACKAGES,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATA_DIR": str(folder),
        "EMBEDDED_POSTGRES_LINGER": "1",
    }


def manage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py`` on the embedded server of ``folder``."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment(folder),
        cwd=PROJECT,
    )
