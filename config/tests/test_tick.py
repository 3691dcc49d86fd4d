"""``tick``: each periodic job once for its latest time, by whoever comes first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from config.shared import ticks
from config.tests.embedded import fresh_folder, manage, using
from config.tests.support import drain, waiting_jobs

EVERY_MINUTE = "config.rescue_stalled_jobs"
EVERY_NIGHT = "config.delete_finished_jobs"


def names(found: list[ticks.Due]) -> set[str]:
    return {each.name for each in found}


@pytest.mark.django_db
def test_what_was_never_run_is_due_for_its_latest_time() -> None:
    found = {each.name: each for each in ticks.due()}
    now = datetime.now(UTC)

    assert found[EVERY_MINUTE].at.second == 0
    assert timedelta(0) <= now - found[EVERY_MINUTE].at < timedelta(minutes=2)
    assert (found[EVERY_NIGHT].at.hour, found[EVERY_NIGHT].at.minute) == (3, 17)
    assert timedelta(0) <= now - found[EVERY_NIGHT].at <= timedelta(days=1)
    assert waiting_jobs() == []


@pytest.mark.django_db
def test_what_is_due_runs_once_however_often_it_ticks() -> None:
    queued = ticks.queue_due()
    again = ticks.queue_due()

    assert {EVERY_MINUTE, EVERY_NIGHT} <= names(queued)
    assert EVERY_NIGHT not in names(again)
    assert len(waiting_jobs(EVERY_NIGHT)) == len(waiting_jobs(EVERY_MINUTE)) == 1
    assert drain().count(EVERY_NIGHT) == 1
    assert EVERY_NIGHT not in names(ticks.due())


@pytest.mark.django_db
def test_many_missed_times_are_made_up_for_once() -> None:
    ticks.queue_due()
    drain()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_periodic_defers SET defer_timestamp = 1700000000")

    assert EVERY_NIGHT in names(ticks.queue_due())
    assert drain().count(EVERY_NIGHT) == 1


@pytest.mark.django_db
def test_a_job_that_a_worker_queued_is_left_to_it() -> None:
    night = next(each for each in ticks.due() if each.name == EVERY_NIGHT)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)"
            " VALUES (%s, %s, %s)",
            [night.name, night.periodic_id, int(night.at.timestamp())],
        )

    assert EVERY_NIGHT not in names(ticks.queue_due())
    assert waiting_jobs(EVERY_NIGHT) == []


def test_the_command_queues_runs_and_tells() -> None:
    with fresh_folder() as folder, using(folder) as user:
        user.query()
        assert manage(folder, "migrate", "--verbosity=0").returncode == 0

        listed = manage(folder, "tick", "--dry-run")
        first = manage(folder, "tick")
        second = manage(folder, "tick")

    assert f"{EVERY_NIGHT} (17 3 * * *), due since" in listed.stdout
    assert "nothing was run" in listed.stdout
    assert first.returncode == 0, first.stderr
    assert EVERY_NIGHT in first.stdout
    assert "0 runs failed" in first.stdout
    assert second.returncode == 0, second.stderr
    assert EVERY_NIGHT not in second.stdout
