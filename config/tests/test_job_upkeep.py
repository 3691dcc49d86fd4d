"""Repairs of the queue: retried, cancelled, rescued and deleted jobs."""

from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import AuditEvent
from config.shared import job_upkeep
from config.shared.jobs import PermanentJobError, defer, job
from config.tests.support import drain, failed_jobs

calls: list[Any] = []


@job(name="tests.note_down", retries=2)
def note_down(number: int) -> None:
    calls.append({"number": number})


@job(name="tests.give_up", retries=2)
def give_up(how: str) -> None:
    calls.append(how)
    raise PermanentJobError(how)


@pytest.fixture(autouse=True)
def _forget() -> None:
    calls.clear()


def row(number: int) -> ProcrastinateJob:
    return ProcrastinateJob.objects.get(pk=number)


@pytest.mark.django_db
def test_a_failed_job_runs_again_when_staff_ask_for_it() -> None:
    number = defer("tests.give_up", how="permanent")
    drain(retry=True)

    job_upkeep.retry(job=row(number), actor=None)
    with pytest.raises(job_upkeep.JobStateError):
        job_upkeep.retry(job=row(number), actor=None)

    drain(retry=True)
    assert calls == ["permanent"] * 2
    event = AuditEvent.objects.get(action="config.job.retried")
    assert (event.object_id, event.after) == (str(number), {"name": "tests.give_up"})


@pytest.mark.django_db
def test_only_a_waiting_job_can_be_cancelled() -> None:
    cancelled = defer("tests.note_down", number=1)
    done = defer("tests.note_down", number=2)

    job_upkeep.cancel(job=row(cancelled), actor=None)
    drain()

    with pytest.raises(job_upkeep.JobStateError):
        job_upkeep.cancel(job=row(done), actor=None)
    assert calls == [{"number": 2}]
    assert AuditEvent.objects.get(action="config.job.cancelled").object_id == str(cancelled)


def abandon(number: int, *, attempts: int = 0) -> None:
    """Make a job look as if its worker had died a minute ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '60 seconds') RETURNING id"
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s"
            " WHERE id = %s",
            [worker, attempts, number],
        )


@pytest.mark.django_db
def test_the_jobs_of_a_dead_worker_run_again() -> None:
    abandon(defer("tests.note_down", number=1))

    assert job_upkeep.rescue_stalled() == job_upkeep.Rescued(retried=1, failed=0)

    drain()
    assert calls == [{"number": 1}]


@pytest.mark.django_db
def test_a_job_that_kills_its_workers_ends_on_the_failed_list() -> None:
    abandon(defer("tests.note_down", number=1), attempts=2)

    assert job_upkeep.rescue_stalled() == job_upkeep.Rescued(retried=0, failed=1)

    assert drain() == []
    assert len(failed_jobs()) == 1


@pytest.mark.django_db
def test_the_jobs_of_a_living_worker_are_left_alone() -> None:
    number = defer("tests.note_down", number=1)
    abandon(number)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '25 s'")

    assert job_upkeep.rescue_stalled() == job_upkeep.Rescued(retried=0, failed=0)


@pytest.mark.django_db
def test_jobs_that_ended_long_ago_are_deleted_and_failed_ones_kept_longer() -> None:
    defer("tests.note_down", number=1)
    defer("tests.give_up", how="permanent")
    drain(retry=True)
    recent = defer("tests.note_down", number=2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '10 days'")
    drain()

    deleted = job_upkeep.delete_finished(done_before_days=7, failed_before_days=90)

    assert deleted == 1
    assert len(failed_jobs()) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE status = 'succeeded'")
        assert cursor.fetchall() == [(recent,)]
    assert job_upkeep.delete_finished(done_before_days=7, failed_before_days=9) == 1
