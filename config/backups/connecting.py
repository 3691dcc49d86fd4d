"""Connections and programs of PostgreSQL for work on a whole database."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from psycopg.conninfo import make_conninfo

from config.backups.errors import BackupError
from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.layout import installed_programs

# What Django adds for psycopg, and the limits of a web request.
NOT_FOR_LIBPQ = {"cursor_factory", "context", "prepare_threshold", "options"}
UNLIMITED = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
DEBIAN = Path("/usr/lib/postgresql")


def parameters(alias: str) -> dict[str, Any]:
    """Where the database ``alias`` is, as libpq takes it; starts the embedded server."""
    found = connections[alias].get_connection_params()
    return {key: value for key, value in found.items() if key not in NOT_FOR_LIBPQ}


def connect(alias: str) -> psycopg.Connection:
    """A connection of its own, outside Django, without limits on the time of a statement."""
    try:
        return psycopg.connect(**parameters(alias), options=UNLIMITED, autocommit=True)
    except psycopg.OperationalError as error:
        raise BackupError(f"The database {alias} cannot be reached: {error}") from error


def run(alias: str, command: str, arguments: Sequence[str]) -> None:
    """Run a program of PostgreSQL on the database ``alias``, its password out of others' sight."""
    place = parameters(alias)
    password = place.pop("password", None)
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    if password:
        environment["PGPASSWORD"] = str(password)
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found below
        [command, "--no-password", f"--dbname={make_conninfo(**place)}", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise BackupError(f"{Path(command).name} failed on {alias}: {said[0]}")


def find_program(name: str, *, at_least: int) -> str:
    """The path of ``pg_dump`` or ``pg_restore`` of a major version, or of the next newer one.

    The server's own version is best: a newer ``pg_dump`` may write what an older server does not
    understand.
    """
    versions: dict[int, str] = {}
    for path in _candidates(name):
        version = _major_version(path)
        if version is not None:
            versions.setdefault(version, path)
    fitting = [version for version in sorted(versions) if version >= at_least]
    if not fitting:
        there = ", ".join(map(str, sorted(versions))) or "none"
        raise BackupError(
            f"{name} of PostgreSQL {at_least} or newer is needed, and there is {there}: install "
            "the client programs of the server's version."
        )
    return versions[fitting[0]]


def _candidates(name: str) -> Iterator[str]:
    with suppress(EmbeddedPostgresError):
        yield str(installed_programs() / "bin" / name)
    for path in sorted(DEBIAN.glob(f"*/bin/{name}")):
        yield str(path)
    found = shutil.which(name)
    if found:
        yield found


def _major_version(path: str) -> int | None:
    try:
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL
            [path, "--version"], check=False, capture_output=True, text=True, timeout=30
        )
    except OSError:
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(match[1]) if match else None
