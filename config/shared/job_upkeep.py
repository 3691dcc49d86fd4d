"""Repairs of the job queue: what staff do to single jobs, and what upkeep does to all."""

from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from procrastinate.contrib.django import app

from config.shared import audit
from config.shared.errors import ConflictError
from config.shared.jobs import DATABASE, BackOff

# Three times the workers' heartbeat. Less would take running jobs for abandoned ones.
STALLED_SECONDS = 30
# A job that takes its worker down with it is not handed to every worker in turn.
STALLED_RUNS = 5
DELETE_BATCH = 5000

RUN_AGAIN = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"
CANCEL = "SELECT procrastinate_cancel_job_v1(%s, false, false)"
GIVE_UP = "SELECT procrastinate_finish_job_v1(%s, 'failed', false)"


@dataclass(frozen=True)
class Rescued:
    """What became of jobs whose worker was gone."""

    retried: int = 0
    failed: int = 0


class JobStateError(ConflictError):
    """The job has moved on: only failed jobs are retried, and only waiting ones cancelled."""

    code = "job_state"
    title = "This job is in another state"


@transaction.atomic(using=DATABASE)
def retry(*, job: Any, actor: Any) -> None:
    """Queue a failed job again, now. ``job`` is a row of the queue."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'failed' FOR UPDATE",
            [job.pk],
        )
        if cursor.fetchone() is None:
            raise JobStateError("Only a failed job can be tried again.")
        cursor.execute(RUN_AGAIN, [job.pk])
    audit.record("config.job.retried", target=job, actor=actor, after={"name": job.task_name})


@transaction.atomic(using=DATABASE)
def cancel(*, job: Any, actor: Any) -> None:
    """Take a waiting job out of the queue."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(CANCEL, [job.pk])
        if cursor.fetchone() == (None,):
            raise JobStateError("Only a waiting job can be cancelled.")
    audit.record("config.job.cancelled", target=job, actor=actor, after={"name": job.task_name})


def rescue_stalled() -> Rescued:
    """Hand out again the jobs of workers that have not been heard of for ``STALLED_SECONDS``.

    Jobs that have been run as often as they may be go to the failed list instead.
    """
    retried = failed = 0
    with transaction.atomic(using=DATABASE), connections[DATABASE].cursor() as cursor:
        cursor.execute(
            """
            SELECT job.id, job.task_name, job.attempts
              FROM procrastinate_jobs job
             WHERE job.status = 'doing'
               AND NOT EXISTS (SELECT 1 FROM procrastinate_workers worker
                                WHERE worker.id = job.worker_id
                                  AND worker.last_heartbeat
                                      >= now() - make_interval(secs => %s))
             ORDER BY job.id
               FOR UPDATE OF job SKIP LOCKED
            """,
            [STALLED_SECONDS],
        )
        for job_id, name, attempts in cursor.fetchall():
            if attempts < _runs_allowed(name):
                cursor.execute(RUN_AGAIN, [job_id])
                retried += 1
            else:
                cursor.execute(GIVE_UP, [job_id])
                failed += 1
    return Rescued(retried=retried, failed=failed)


def delete_finished(*, done_before_days: int, failed_before_days: int) -> int:
    """Delete jobs that ended long ago, failed ones later than the others; returns how many."""
    deleted = 0
    for statuses, days in (
        (["succeeded", "cancelled", "aborted"], done_before_days),
        (["failed"], failed_before_days),
    ):
        while batch := _delete_batch(statuses, days):
            deleted += batch
    return deleted


def _runs_allowed(name: str) -> int:
    task = app.tasks.get(name)
    strategy = task.retry_strategy if task else None
    retries = strategy.retries if isinstance(strategy, BackOff) else 0
    return max(1, min(retries, STALLED_RUNS))


def _delete_batch(statuses: list[str], days: int) -> int:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM procrastinate_jobs
             WHERE id IN (
                   SELECT job.id FROM procrastinate_jobs job
                    WHERE job.status = ANY(%s::procrastinate_job_status[])
                      AND NOT EXISTS (SELECT 1 FROM procrastinate_events event
                                       WHERE event.job_id = job.id
                                         AND event.at >= now() - make_interval(days => %s))
                    LIMIT %s)
            """,
            [statuses, days, DELETE_BATCH],
        )
        return cursor.rowcount
