"""Which account of the operating system runs PostgreSQL, which refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.embedded_postgres.errors import EmbeddedPostgresError

FALLBACKS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An account, and whether this process has to change into it."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return os.geteuid() == 0 and self.uid != 0

    def subprocess_options(self) -> dict[str, Any]:
        """Arguments of ``subprocess.run`` that make the child run as this account."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take_over(self, path: Path) -> None:
        """Give a file or folder that was just made to this account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_enter(self, folder: Path) -> bool:
        """Whether this account reaches what is inside ``folder`` and all folders above it.

        Folders that do not exist yet will be made so that it can.
        """
        return all(self._may_pass(place) for place in (folder, *folder.parents) if place.is_dir())

    def _may_pass(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


def choose_account(home: Path, preferred: str) -> Account:
    """Who runs the server that lives in ``home``.

    An ordinary user runs it as themselves. Root runs it as the owner of ``home`` if that is
    somebody else, else as ``preferred``, ``postgres`` or ``nobody``, whichever exists first.
    """
    if os.geteuid() != 0:
        return _own_account()
    owner = home.stat().st_uid if home.is_dir() else 0
    if owner:
        return _account(owner)
    for name in (preferred, *FALLBACKS):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid:
            return Account(name, found.pw_uid, found.pw_gid)
    raise EmbeddedPostgresError(
        "PostgreSQL does not run as root, and there is no other account to run it: name one in "
        "EMBEDDED_POSTGRES_USER, or set DATABASE_URL and CREDS_DATABASE_URL."
    )


def _own_account() -> Account:
    try:
        return _account(os.geteuid())
    except KeyError:
        raise EmbeddedPostgresError(
            f"This process runs as user number {os.geteuid()}, which has no entry in the list of "
            "accounts, so that PostgreSQL cannot start: add one, or set DATABASE_URL and "
            "CREDS_DATABASE_URL."
        ) from None


def _account(uid: int) -> Account:
    found = pwd.getpwuid(uid)
    return Account(found.pw_name, uid, found.pw_gid)
