"""Helpers that tests of every app use."""

from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from config.shared.jobs import DATABASE, manager

LIMIT = 1000


def drain(*, later: bool = False, retry: bool = False) -> list[str]:
    """Run the jobs that are due, and those that they defer, here and now; returns their names.

    They run on the test's own connection, inside its transaction. A job's exception is raised,
    unless ``retry`` asks for what a worker does: another run later, or the failed list. With
    ``later`` jobs that wait for a time run too.
    """
    names: list[str] = []
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
        (worker,) = cursor.fetchone()
        while (job := _next(worker, later=later)) is not None:
            names.append(job.task_name)
            if len(names) > LIMIT:
                raise AssertionError(f"More than {LIMIT} jobs: {job.task_name} defers itself?")
            _run(job, retry=retry)
            later = later and not retry
        cursor.execute("SELECT procrastinate_unregister_worker_v1(%s)", [worker])
    return names


def waiting_jobs(name: str | None = None) -> list[Job]:
    """The jobs that wait, oldest first, those of one ``name`` where it is given."""
    return _jobs("todo", name)


def failed_jobs(name: str | None = None) -> list[Job]:
    """The jobs that have failed for good, oldest first."""
    return _jobs("failed", name)


def _jobs(status: str, name: str | None) -> list[Job]:
    rows = ProcrastinateJob.objects.filter(status=status).order_by("pk")
    if name is not None:
        rows = rows.filter(task_name=name)
    return [row.procrastinate_job for row in rows]


def _next(worker: int, *, later: bool) -> Job | None:
    if later:
        with connections[DATABASE].cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"
            )
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", [worker])
        (number,) = cursor.fetchone()
    return None if number is None else ProcrastinateJob.objects.get(pk=number).procrastinate_job


def _run(job: Job, *, retry: bool) -> None:
    task = app.tasks[job.task_name]
    status, again_at = "succeeded", None
    try:
        task.func(**job.task_kwargs)
    except Exception as exc:
        decision = task.get_retry_exception(exc, job)
        again_at = decision.retry_decision.retry_at if decision else None
        status = "failed"
        if not retry:
            _finish(job, "failed")
            raise
    if again_at is not None:
        manager.retry_job_by_id(job.id or 0, retry_at=again_at)
    else:
        _finish(job, status)


def _finish(job: Job, status: str) -> None:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, %s, false)", [job.id, status])
