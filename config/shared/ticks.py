"""Periodic jobs by a clock of one's own: for machines that call ``tick`` and run no worker."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from asgiref.sync import async_to_sync
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.periodic import PeriodicTask
from procrastinate.tasks import configure_task

from config.shared.clock import database_now
from config.shared.jobs import DATABASE, database_errors, manager

LAST_DEFERRED = """
    SELECT max(defer_timestamp) FROM procrastinate_periodic_defers
    WHERE task_name = %s AND periodic_id = %s
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A periodic job whose time has come, and which nobody has queued for that time yet."""

    name: str
    cron: str
    at: datetime
    periodic_id: str


def due() -> list[Due]:
    """The periodic jobs that are due, each once, however many of its times were missed."""
    now = database_now()
    return sorted(_due(now), key=lambda found: (found.at, found.name))


def queue_due() -> list[Due]:
    """Queue the periodic jobs that are due; returns those that were not waiting already."""
    return [found for found in due() if _queue(found)]


def _due(now: datetime) -> Iterator[Due]:
    for periodic in app.periodic_registry.periodic_tasks.values():
        at = _latest_time(periodic, now)
        with connections[DATABASE].cursor() as cursor:
            cursor.execute(LAST_DEFERRED, [periodic.task.name, periodic.periodic_id])
            (last,) = cursor.fetchone()
        if last is None or last < at.timestamp():
            yield Due(periodic.task.name, periodic.cron, at, periodic.periodic_id)


def _latest_time(periodic: PeriodicTask, now: datetime) -> datetime:
    clock = periodic.croniter
    # A time that is exactly now counts: the clock looks for what lies before the given moment.
    clock.set_current(start_time=int(now.timestamp()) + 1)
    return datetime.fromtimestamp(round(clock.get_prev(ret_type=float)), UTC)


def _queue(found: Due) -> bool:
    task = app.tasks[found.name]
    timestamp = int(found.at.timestamp())
    deferrer = configure_task(
        name=task.name,
        job_manager=manager,
        queue=task.queue,
        priority=task.priority,
        queueing_lock=task.queueing_lock,
        task_kwargs={"timestamp": timestamp},
    )
    try:
        with database_errors():
            number = async_to_sync(manager.defer_periodic_job)(
                job=deferrer.job, periodic_id=found.periodic_id, defer_timestamp=timestamp
            )
    except AlreadyEnqueued:
        return False
    return number is not None
