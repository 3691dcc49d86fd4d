"""The worker, in a process of its own: what it survives, and how it ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from config.shared.jobs import defer
from config.tests import worker_jobs  # noqa: F401 (declares the jobs that are deferred here)
from config.tests.worker_process import WorkerProcess

pytestmark = pytest.mark.django_db(transaction=True)


def states(name: str) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, status::text FROM procrastinate_jobs WHERE task_name = %s ORDER BY id",
            [name],
        )
        return dict(cursor.fetchall())


class Reachability:
    """Whether the test's database lets newcomers in; whoever is inside may be thrown out."""

    def end(self) -> None:
        connection.ensure_connection()
        self._allow(False)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def restore(self) -> None:
        self._allow(True)

    def _allow(self, allowed: bool) -> None:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {allowed}")


@pytest.fixture
def reachability() -> Iterator[Reachability]:
    reachability = Reachability()
    yield reachability
    reachability.restore()


def test_a_worker_does_what_waits_and_what_comes_and_stops_when_asked(tmp_path: Path) -> None:
    defer("tests.note", name="notes", text="waited")

    with WorkerProcess(tmp_path) as worker:
        worker.wait_until_ready()
        defer("tests.note", name="notes", text="came")
        worker.wait_for(lambda: len(worker.notes("notes")) == 2, "to do both jobs")
        status = worker.terminate()

    assert status == 0
    assert worker.notes("notes") == ["waited", "came"]
    assert set(states("tests.note").values()) == {"succeeded"}
    assert "jobs done, 0 runs failed, 0 restarts." in worker.output()


def test_a_worker_that_is_asked_to_stop_finishes_its_job(tmp_path: Path) -> None:
    defer("tests.slow", name="slow", seconds=2)

    with WorkerProcess(tmp_path) as worker:
        worker.wait_for(lambda: worker.notes("slow") == ["begun"], "to begin the job")
        status = worker.terminate()

    assert status == 0
    assert worker.notes("slow") == ["begun", "done"]
    assert list(states("tests.slow").values()) == ["succeeded"]


def test_a_worker_that_works_once_ends_when_nothing_is_left(tmp_path: Path) -> None:
    defer("tests.note", name="notes", text="only")

    with WorkerProcess(tmp_path, "--once") as worker:
        status = worker.running.wait(timeout=40)

    assert status == 0
    assert worker.notes("notes") == ["only"]


def test_the_job_of_a_killed_worker_is_done_by_the_next(tmp_path: Path) -> None:
    defer("tests.slow", name="slow", seconds=2)
    with WorkerProcess(tmp_path) as first:
        first.wait_for(lambda: first.notes("slow") == ["begun"], "to begin the job")
        first.kill()
    assert list(states("tests.slow").values()) == ["doing"]
    with connection.cursor() as cursor:  # Half a minute later.
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 s'")

    with WorkerProcess(tmp_path) as second:
        second.wait_for(lambda: "done" in second.notes("slow"), "to do the job again")
        second.terminate()

    assert second.notes("slow") == ["begun", "begun", "done"]
    assert list(states("tests.slow").values()) == ["succeeded"]


def test_a_worker_outlives_the_loss_of_its_database(
    tmp_path: Path, reachability: Reachability
) -> None:
    with WorkerProcess(tmp_path) as worker:
        worker.wait_until_ready()
        reachability.end()
        worker.wait_for(lambda: "starting again" in worker.output(), "to notice")
        reachability.restore()
        defer("tests.note", name="notes", text="after")
        worker.wait_for(lambda: worker.notes("notes") == ["after"], "to work again")
        status = worker.terminate()

    assert status == 0
    assert list(states("tests.note").values()) == ["succeeded"]


def test_a_worker_without_a_database_gives_up_and_says_so(
    tmp_path: Path, reachability: Reachability
) -> None:
    reachability.end()

    with WorkerProcess(tmp_path, "--give-up", "1") as worker:
        status = worker.running.wait(timeout=40)

    assert status == 1
    assert "The worker gave up: the database was not usable for 1 seconds." in worker.output()


def test_a_rolled_back_change_leaves_no_job_to_the_worker(tmp_path: Path) -> None:
    with transaction.atomic():
        defer("tests.note", name="notes", text="never")
        transaction.set_rollback(True)
    defer("tests.defers_in_vain", name="notes")

    with WorkerProcess(tmp_path) as worker:
        worker.wait_for(lambda: "held" in worker.notes("notes"), "to do the jobs")
        worker.terminate()

    assert worker.notes("notes") == ["held"]


def test_a_job_that_keeps_failing_ends_on_the_failed_list(tmp_path: Path) -> None:
    defer("tests.hopeless", name="tries")

    with WorkerProcess(tmp_path) as worker:
        worker.wait_for(
            lambda: list(states("tests.hopeless").values()) == ["failed"], "to give up the job"
        )
        status = worker.terminate()

    assert status == 0
    assert worker.notes("tries") == ["tried"] * 3


def test_two_workers_start_each_tick_once(tmp_path: Path) -> None:
    with (
        WorkerProcess(tmp_path, WORKER_TEST_TICKS="1") as one,
        WorkerProcess(tmp_path, WORKER_TEST_TICKS="1") as other,
    ):
        one.wait_until_ready()
        other.wait_until_ready()
        one.wait_for(lambda: len(one.notes("ticks")) >= 4, "to tick")
        statuses = (one.terminate(), other.terminate())

    assert statuses == (0, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args ->> 'timestamp' FROM procrastinate_jobs"
            " WHERE task_name = 'tests.tick' AND status = 'succeeded'"
        )
        ticks = [row[0] for row in cursor.fetchall()]
    assert len(ticks) == len(set(ticks)) == len(one.notes("ticks"))
