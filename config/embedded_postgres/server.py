"""One embedded server, as a process that uses it sees it."""

import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded_postgres import processes, watcher
from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.folders import make_folders, open_private, refuse_open
from config.embedded_postgres.layout import PORT, Layout
from config.embedded_postgres.locks import acquire, held, is_held
from config.embedded_postgres.programs import environment, run_program

SUPERUSER = "postgres"
PROJECT = Path(__file__).resolve().parent.parent.parent
LARGEST_LOG = 5 * 1024 * 1024
READY_SECONDS = 120.0
WATCH = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from config.embedded_postgres.watcher import main; main(*sys.argv[2:])"
)
# What libpq says while a server is away, on its way up, or on its way down.
PASSING_TROUBLE = (
    "No such file or directory",
    "Connection refused",
    "the database system is starting up",
    "the database system is shutting down",
    "the database system is in recovery mode",
    "the database system is not yet accepting connections",
    "server closed the connection unexpectedly",
    "Connection reset by peer",
)
INITDB = (
    f"--username={SUPERUSER}",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "random_page_cost": "1.1",
    # Statements and key values may carry what people typed; they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def is_passing(error: Exception) -> bool:
    """Whether a failed connection is worth another try once the server is seen to run."""
    return any(words in str(error) for words in PASSING_TROUBLE)


class Server:
    """Starts the server of ``layout`` when it is needed and counts this process as a user."""

    def __init__(
        self, layout: Layout, databases: tuple[str, ...], *, linger: float = watcher.LINGER
    ) -> None:
        self.layout = layout
        self.databases = databases
        self.linger = linger
        self._threads = threading.Lock()
        self._users: int | None = None
        self._socket_folder: Path | None = None

    def ensure(self, *, again: bool = False) -> Path:
        """Make sure that the server runs and give the folder of its socket.

        After the first call in a process this does nothing, unless ``again`` says that a
        connection was refused.
        """
        with self._threads:
            if again or self._socket_folder is None:
                self._socket_folder = None
                self._socket_folder = self._ensure()
            return self._socket_folder

    def leave(self, *, seconds: float = 0) -> None:
        """Count this process as a user no more, and wait up to ``seconds`` for the server's end.

        It ends when no other process uses it; whoever connects again starts it again.
        """
        with self._threads:
            if self._users is not None:
                os.close(self._users)
                self._users = None
            self._socket_folder = None
        processes.wait_until_gone(self.layout.data, seconds)

    def _ensure(self) -> Path:
        layout = self.layout
        make_folders(layout)
        with held(layout.start_lock, layout.account) as start_lock:
            self._register()
            self._post_watcher()
            self._refuse_open_socket()
            if processes.postmaster(layout.data) is None:
                self._create_cluster(start_lock)
                self._start()
            self._wait_until_ready()
            self._refuse_open_socket()
            folder = self._current_socket_folder()
            self._create_databases(folder)
            return folder

    def _current_socket_folder(self) -> Path:
        """Where a running server says that its socket is; else, where it will be.

        Another process may have started it with another temporary directory than ours.
        """
        running = processes.postmaster(self.layout.data) is not None
        said = processes.socket_folder(self.layout.data) if running else None
        return said or self.layout.socket_folder

    def _refuse_open_socket(self) -> None:
        """Stop a server that others can reach, and raise."""
        try:
            refuse_open(self._current_socket_folder(), self.layout.account)
        except EmbeddedPostgresError:
            processes.stop(self.layout.data)
            raise

    def _register(self) -> None:
        """Hold the users' lock, shared, until this process ends."""
        path = self.layout.users_lock
        descriptor = open_private(path, self.layout.account)
        if self._users is not None:
            if os.path.sameopenfile(self._users, descriptor):
                os.close(descriptor)
                return
            os.close(self._users)
        self._users = descriptor
        acquire(descriptor, path, fcntl.LOCK_SH)

    def _post_watcher(self) -> None:
        if is_held(self.layout.watcher_lock, self.layout.account):
            return
        command = [sys.executable, "-I", "-S", "-c", WATCH, PROJECT, self.layout.home, self.linger]
        subprocess.run(  # noqa: S603 - this interpreter, with a program of ours
            [str(part) for part in command],
            check=True,
            cwd="/",
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=60,
        )

    def _create_cluster(self, start_lock: int) -> None:
        """Make the data folder if there is none; a half-made one never counts.

        The start lock stays held while ``initdb`` runs, even if this process is killed.
        """
        layout = self.layout
        if layout.data.is_dir():
            return
        shutil.rmtree(layout.unfinished_data, ignore_errors=True)
        arguments = ["-D", str(layout.unfinished_data), *INITDB]
        done = run_program(layout, "initdb", arguments, keep_open=[start_lock])
        if done.returncode:
            raise EmbeddedPostgresError(
                f"PostgreSQL could not set up {layout.home}: {_last_line(done.stderr)}"
            )
        layout.unfinished_data.rename(layout.data)

    def _start(self) -> None:
        layout = self.layout
        self._clear_remains()
        if layout.log.is_file() and layout.log.stat().st_size > LARGEST_LOG:
            layout.log.replace(layout.log.with_suffix(".log.1"))
        settings = {**SETTINGS, "unix_socket_directories": str(layout.socket_folder)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        seconds = f"{READY_SECONDS:.0f}"
        files = ["-D", str(layout.data), "-l", str(layout.log)]
        arguments = ["start", "-s", "-w", "-t", seconds, *files, "-o", options]
        done = run_program(layout, "pg_ctl", arguments)
        if done.returncode and processes.postmaster(layout.data) is None:
            raise EmbeddedPostgresError(
                f"PostgreSQL did not start: {_last_line(self._log_tail() or done.stderr)} "
                f"({layout.log} tells more)"
            )

    def _clear_remains(self) -> None:
        """Remove what a killed server left: its id may belong to another process by now."""
        layout = self.layout
        if not processes.wait_until_gone(layout.data, 30):
            raise EmbeddedPostgresError(
                f"Processes of an earlier server still work in {layout.data}: "
                f"{', '.join(map(str, processes.members(layout.data)))}. End them, and try again."
            )
        remains = [layout.data / "postmaster.pid"]
        remains += [layout.socket_folder / f".s.PGSQL.{PORT}{end}" for end in ("", ".lock")]
        for path in remains:
            path.unlink(missing_ok=True)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                self._connect(self._current_socket_folder()).close()
            except psycopg.OperationalError as error:
                if not is_passing(error) or time.monotonic() > deadline:
                    raise
                if processes.postmaster(self.layout.data) is None:
                    raise EmbeddedPostgresError(
                        f"PostgreSQL ended while it started: {_last_line(self._log_tail())} "
                        f"({self.layout.log} tells more)"
                    ) from None
                time.sleep(0.05)
            else:
                return

    def _create_databases(self, folder: Path) -> None:
        with self._connect(folder) as connection:
            rows = connection.execute("SELECT datname FROM pg_database").fetchall()
            for name in sorted(set(self.databases) - {row[0] for row in rows}):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _connect(self, folder: Path) -> psycopg.Connection:
        return psycopg.connect(
            host=str(folder),
            port=PORT,
            user=SUPERUSER,
            dbname="postgres",
            connect_timeout=5,
            autocommit=True,
        )

    def _log_tail(self) -> str:
        with suppress(OSError):
            return self.layout.log.read_text(errors="replace")[-4000:]
        return ""


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "error:" in line]
    return (fatal or lines or ["it said nothing"])[-1]
