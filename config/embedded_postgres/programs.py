"""PostgreSQL's programs out of the installed wheel; nothing else of that wheel is used."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from config.embedded_postgres.account import Account
from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.layout import SHARED_ROOT, Layout, installed_programs
from config.embedded_postgres.locks import held

LIBRARIES = "embedded_postgres.libs"
WRITABLE_BY_OTHERS = 0o022


def run_program(
    layout: Layout,
    name: str,
    arguments: Sequence[str],
    *,
    keep_open: Sequence[int] = (),
    seconds: float = 180,
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the account of ``layout``, in a session of its own.

    The descriptors ``keep_open`` stay open for as long as the program runs.
    """
    return subprocess.run(  # noqa: S603 - a program of the wheel, found by its path
        [program(layout.account, layout.version, name), *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=environment(),
        pass_fds=keep_open,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        timeout=seconds,
        **layout.account.subprocess_options(),
    )


def program(account: Account, version: str, name: str) -> str:
    """The path of a program that ``account`` is able to run."""
    installed = installed_programs()
    if account.is_other and not account.can_enter(installed / "bin"):
        installed = _copy(installed, version)
    return str(installed / "bin" / name)


def environment() -> dict[str, str]:
    """What the programs see: no locale, time zone or connection settings of whoever calls."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _copy(installed: Path, version: str) -> Path:
    """The programs once more, where the account can reach them; made once per version."""
    target = SHARED_ROOT / f"programs-{version}"
    root = Account("root", 0, 0)
    try:
        SHARED_ROOT.mkdir(exist_ok=True)
        found = SHARED_ROOT.lstat()
        if found.st_uid != 0 or found.st_mode & WRITABLE_BY_OTHERS:
            raise EmbeddedPostgresError(
                f"{SHARED_ROOT} can be changed by others than root. Remove it, or move the project "
                "to a folder that other accounts can enter."
            )
        SHARED_ROOT.chmod(0o755)
        with held(SHARED_ROOT / "lock", root):
            if not target.is_dir():
                _copy_tree(installed, target)
    except OSError as error:
        raise EmbeddedPostgresError(
            f"PostgreSQL's programs cannot be copied to {target}: {error.strerror}. Move the "
            "project to a folder that other accounts can enter, or set DATABASE_URL and "
            "CREDS_DATABASE_URL."
        ) from None
    return target / installed.parent.name / installed.name


def _copy_tree(installed: Path, target: Path) -> None:
    unfinished = target.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(installed, unfinished / installed.parent.name / installed.name, symlinks=True)
    libraries = installed.parent.parent / LIBRARIES
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / LIBRARIES, symlinks=True)
    for folder, _, files in os.walk(unfinished):
        Path(folder).chmod(0o755)
        for path in (Path(folder) / name for name in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    unfinished.rename(target)
