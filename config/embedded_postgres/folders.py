"""Makes the embedded server's folders and files, private to the account that runs it."""

import os
import stat
from pathlib import Path

from config.embedded_postgres.account import Account
from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.layout import Layout

PRIVATE = 0o700
OTHERS = 0o077


def make_folders(layout: Layout) -> None:
    """Make the home and the socket folder where they are missing; refuse what is not ours."""
    try:
        _make_parents(layout.home.parent, layout.account)
        _make_private(layout.home, layout.account)
        _make_private(layout.socket_folder, layout.account)
    except OSError as error:
        raise EmbeddedPostgresError(
            f"The embedded database cannot use {error.filename}: {error.strerror}. Name another "
            "folder in DATA_DIR, or set DATABASE_URL and CREDS_DATABASE_URL."
        ) from None
    refuse_foreign(layout.home, layout.account)
    refuse_foreign(layout.socket_folder, layout.account)


def refuse_foreign(folder: Path, account: Account) -> None:
    """Raise unless ``folder`` is a real folder that belongs to ``account``."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise EmbeddedPostgresError(
            f"{folder} does not belong to {account.name}, who would run the embedded database. "
            "Remove it, or name another folder in DATA_DIR."
        )


def refuse_open(folder: Path, account: Account) -> None:
    """Raise unless ``account`` alone can enter ``folder``.

    Whoever reaches the socket in it is a superuser of the database, without a password.
    """
    refuse_foreign(folder, account)
    if folder.lstat().st_mode & OTHERS:
        raise EmbeddedPostgresError(
            f"Other users of this machine can enter {folder}, and with it the embedded database. "
            f"Close it (chmod 700 {folder}); if the file system cannot, name another folder in "
            "DATA_DIR."
        )


def open_private(path: Path, account: Account) -> int:
    """A descriptor of a lock file, which is made if it is missing."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    if account.is_other and os.fstat(descriptor).st_uid != account.uid:
        os.fchown(descriptor, account.uid, account.gid)
    return descriptor


def _make_parents(folder: Path, account: Account) -> None:
    if folder.is_dir():
        return
    _make_parents(folder.parent, account)
    folder.mkdir(exist_ok=True)
    if account.is_other:
        folder.chmod(0o755)


def _make_private(folder: Path, account: Account) -> None:
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    if account.is_other and folder.lstat().st_uid == 0:
        account.take_over(folder)
