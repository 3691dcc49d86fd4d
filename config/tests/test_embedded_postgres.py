"""The embedded server with real processes: starting, sharing, dying, and who may reach it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.embedded_postgres import processes
from config.tests.embedded import NOBODY, data_of, fresh_folder, manage, using, wait_for
from config.tests.services import require_service


@pytest.fixture
def folder() -> Iterator[Path]:
    with fresh_folder() as folder:
        yield folder


@pytest.fixture
def stopped(folder: Path) -> Path:
    """The folder of a server that was set up and has stopped."""
    with using(folder) as user:
        assert "row" in user.query()
    processes.stop(data_of(folder))
    return folder


def test_ten_processes_on_a_fresh_folder_share_one_server(folder: Path) -> None:
    with ExitStack() as stack:
        users = [stack.enter_context(using(folder)) for _ in range(10)]
        for user in users:
            user.ask("SELECT pg_postmaster_start_time(), pg_backend_pid()")
        answers = [user.answer() for user in users]

        assert [answer for answer in answers if "error" in answer] == []
        assert len({answer["row"][0] for answer in answers}) == 1
        assert len({answer["row"][1] for answer in answers}) == 10


def test_both_databases_exist_and_no_network_socket_does(folder: Path) -> None:
    with using(folder) as user:
        names = user.query(
            "SELECT array_agg(datname ORDER BY datname) FROM pg_database"
            " WHERE datname LIKE 'court%'"
        )
        settings = user.query(
            "SELECT current_setting('listen_addresses'), current_setting('random_page_cost'),"
            " datlocprovider, datlocale FROM pg_database WHERE datname = 'courtyard'"
        )

    assert names == {"row": [["courtyard", "courtyard_credentials"]]}
    assert settings == {"row": ["", "1.1", "b", "C.UTF-8"]}


def test_a_server_that_was_killed_runs_again_for_the_next_query(folder: Path) -> None:
    with using(folder) as user:
        user.query("CREATE TABLE kept (n int)")
        user.query("INSERT INTO kept VALUES (1)")
        killed = processes.postmaster(data_of(folder))
        assert killed

        os.kill(killed, signal.SIGKILL)
        processes.wait_until_gone(data_of(folder), 30)
        in_flight = user.query("SELECT n FROM kept")
        following = user.query("SELECT n FROM kept")

        assert "error" in in_flight
        assert following == {"row": [1]}
        assert processes.postmaster(data_of(folder)) not in {None, killed}


def test_the_server_stops_when_its_last_user_has_ended(folder: Path) -> None:
    with using(folder) as first, using(folder) as second:
        first.query()
        second.query()
        data = data_of(folder)
        first.close()

        assert "row" in second.query()
        assert processes.postmaster(data)

    assert wait_for(lambda: not processes.members(data))
    assert not (data / "postmaster.pid").exists()


def test_the_server_stops_when_its_only_user_was_killed(folder: Path) -> None:
    with using(folder) as user:
        user.query()
        data = data_of(folder)

        user.kill()

    assert wait_for(lambda: not processes.members(data))


def test_a_user_that_comes_while_the_server_lingers_keeps_it(folder: Path) -> None:
    with using(folder) as user:
        started = user.query("SELECT pg_postmaster_start_time()")

    with using(folder) as user:
        assert user.query("SELECT pg_postmaster_start_time()") == started
        assert user.query("SELECT pg_sleep(2), 1") == {"row": ["", 1]}
        assert user.query("SELECT pg_postmaster_start_time()") == started


def test_a_stale_pid_file_that_names_a_stranger_is_not_believed(stopped: Path) -> None:
    data = data_of(stopped)
    stranger = subprocess.Popen(["sleep", "300"])
    lines = [str(stranger.pid), str(data), "1", "5432", str(data.parent / "socket"), "", ""]
    (data / "postmaster.pid").write_text("\n".join(lines))
    lock = data.parent / "socket" / ".s.PGSQL.5432.lock"
    lock.write_text("\n".join(lines))
    for path in (data / "postmaster.pid", lock):
        os.chown(path, data.stat().st_uid, data.stat().st_gid)

    try:
        with using(stopped) as user:
            assert "row" in user.query()
            assert processes.postmaster(data) not in {None, stranger.pid}
        assert wait_for(lambda: not processes.members(data))
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("content", ["", "not a number\n", "999999999\n/elsewhere\n"])
def test_a_damaged_pid_file_does_not_keep_the_server_down(stopped: Path, content: str) -> None:
    (data_of(stopped) / "postmaster.pid").write_text(content)

    with using(stopped) as user:
        assert "row" in user.query()


def test_a_half_made_cluster_never_counts(folder: Path) -> None:
    with using(folder) as user:
        user.query()
    data = data_of(folder)
    processes.stop(data)
    data.rename(data.parent / "data.new")
    (data.parent / "data.new" / "PG_VERSION").unlink()

    with using(folder) as user:
        assert "row" in user.query()

    assert not (data.parent / "data.new").exists()


def test_a_socket_that_others_can_reach_stops_the_server(folder: Path) -> None:
    with using(folder) as user, using(folder) as late:
        user.query()
        data = data_of(folder)
        (data.parent / "socket").chmod(0o755)

        refused = late.query()

        assert "Other users of this machine can enter" in refused["error"]
        assert f"chmod 700 {data.parent / 'socket'}" in refused["error"]
        assert processes.postmaster(data) is None
        (data.parent / "socket").chmod(0o700)
        assert "row" in late.query()


def test_an_ordinary_user_runs_the_server_as_themselves() -> None:
    require_service("other_users")
    with fresh_folder() as folder:
        folder.mkdir()
        os.chown(folder, NOBODY, NOBODY)

        with using(folder, uid=NOBODY) as user:
            assert "row" in user.query()
            assert data_of(folder).stat().st_uid == NOBODY
            running = processes.postmaster(data_of(folder))
            assert Path(f"/proc/{running}").stat().st_uid == NOBODY

        with using(folder) as root:
            assert "row" in root.query()
            assert data_of(folder).stat().st_uid == NOBODY


def test_another_user_does_not_reach_the_server(folder: Path) -> None:
    require_service("other_users")
    with using(folder) as user, using(folder, uid=1) as stranger:
        user.query()
        refused = stranger.query()

        assert "does not belong to" in refused["error"] or "cannot use" in refused["error"]


def test_an_account_without_a_name_is_told_what_to_do(folder: Path) -> None:
    require_service("other_users")
    with using(folder, uid=54321) as user:
        refused = user.query()

    assert "user number 54321" in refused["error"]
    assert "set DATABASE_URL and CREDS_DATABASE_URL" in refused["error"]


def test_checks_start_nothing(folder: Path) -> None:
    done = manage(folder, "check")

    assert done.returncode == 0, done.stderr
    assert not folder.exists()


def test_the_shell_of_a_database_uses_the_servers_own_psql(folder: Path) -> None:
    done = manage(folder, "dbshell", "--database=credentials", "--", "-Atc", "SELECT 6 * 7")

    assert (done.returncode, done.stdout.strip()) == (0, "42"), done.stderr
