"""Background work: a job exists exactly when the change that asked for it does.

A job is declared by name and deferred by name. The name is the contract, so a lower app asks a
higher one for something without importing it::

    @job(name="bookings.tell_buyers", retries=8)
    def tell_buyers(update_id: str) -> None: ...


    with transaction.atomic():
        update = Update.objects.create(…)
        defer("bookings.tell_buyers", update_id=update.pk)

Jobs run at least once: a worker that dies has its jobs run again, so every job is idempotent.
Arguments are stored and shown to staff in clear; secrets never travel as arguments.
"""

import contextlib
import inspect
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.tasks import configure_task

P = ParamSpec("P")
R = TypeVar("R")

DATABASE = "default"
RETRIES = 8
BACK_OFF_SECONDS = 5
BACK_OFF_CEILING_SECONDS = 3600

# Not the app's own manager: a worker gives that one a connection pool of its own, where a job
# deferred by a job would escape the transaction it is deferred in.
manager = JobManager(connector=DjangoConnector(alias=DATABASE))


class PermanentJobError(Exception):
    """Trying again cannot help: the job goes to the failed list at once."""


class RetryLaterError(Exception):
    """The job should be tried again, after ``seconds`` where the outside said how long to wait."""

    def __init__(self, reason: str, *, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class UnknownJobError(LookupError):
    """No job of this name is declared by any app."""


class BackOff(BaseRetryStrategy):
    """Waits twice as long after each failure, up to a ceiling, with a fifth of jitter."""

    def __init__(self, *, retries: int, seconds: float) -> None:
        self.retries = retries
        self.seconds = seconds

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to run ``job`` again, or None when it has failed for good."""
        if isinstance(exception, PermanentJobError) or job.attempts >= self.retries:
            return None
        asked_for = exception.seconds if isinstance(exception, RetryLaterError) else None
        wait = min(asked_for or self.seconds * 2**job.attempts, BACK_OFF_CEILING_SECONDS)
        wait *= random.uniform(1, 1.2)
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=wait))


def job(
    *,
    name: str,
    retries: int = RETRIES,
    backoff: float = BACK_OFF_SECONDS,
    priority: int = 0,
    queue: str = "default",
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a function as the job ``name``; to its callers it stays an ordinary function.

    It is run again up to ``retries`` times after a failure, first after ``backoff`` seconds,
    then after twice as long each time. A higher ``priority`` runs first.
    """

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        if inspect.iscoroutinefunction(function):
            raise TypeError(f"The job {name} must be an ordinary function, not a coroutine.")
        strategy = BackOff(retries=retries, seconds=backoff)
        app.task(name=name, retry=strategy, priority=priority, queue=queue)(function)
        return function

    return declare


def periodic(
    cron: str,
    *,
    name: str,
    retries: int = 0,
    backoff: float = BACK_OFF_SECONDS,
    priority: int = 0,
    queue: str = "default",
) -> Callable[[Callable[[], R]], Callable[[], R]]:
    """Declare a function without arguments as a job that workers start by the clock (UTC).

    ``cron`` has five fields. However many workers run, each tick is started once; while one is
    waiting, no second is queued.
    """

    def declare(function: Callable[[], R]) -> Callable[[], R]:
        def run(timestamp: int | None = None) -> R:
            return function()

        strategy = BackOff(retries=retries, seconds=backoff)
        task = app.task(
            name=name, retry=strategy, priority=priority, queue=queue, queueing_lock=name
        )(run)
        app.periodic(cron=cron)(task)
        return function

    return declare


def defer(name: str, /, **arguments: Any) -> int:
    """Queue the job ``name`` in the current transaction of the default database.

    Arguments must fit the job's signature; identifiers, dates and decimals become text.
    Returns the queue's number of the job. Raises ``UnknownJobError`` and ``TypeError`` here
    rather than in the worker.
    """
    return _enqueue(name, arguments)


def defer_at(run_at: datetime, name: str, /, **arguments: Any) -> int:
    """Like ``defer``, but no worker starts the job before ``run_at``."""
    return _enqueue(name, arguments, run_at=run_at)


def defer_once(key: str, name: str, /, **arguments: Any) -> int | None:
    """Like ``defer``, unless a job of the same ``key`` is still waiting: then None."""
    return _enqueue_once(key, name, arguments)


def defer_once_at(key: str, run_at: datetime, name: str, /, **arguments: Any) -> int | None:
    """Like ``defer_once``, but no worker starts the job before ``run_at``."""
    return _enqueue_once(key, name, arguments, run_at=run_at)


def _enqueue_once(
    key: str, name: str, arguments: dict[str, Any], *, run_at: datetime | None = None
) -> int | None:
    # Most who find one waiting need not be refused by the index, which the log would show.
    if _is_waiting(key):
        return None
    try:
        with transaction.atomic(using=DATABASE):
            return _enqueue(name, arguments, run_at=run_at, once=key)
    except AlreadyEnqueued:
        return None


def _is_waiting(key: str) -> bool:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'", [key]
        )
        return cursor.fetchone() is not None


def _enqueue(
    name: str,
    arguments: dict[str, Any],
    *,
    run_at: datetime | None = None,
    once: str | None = None,
) -> int:
    try:
        task = app.tasks[name]
    except KeyError:
        raise UnknownJobError(f"No job is named {name}.") from None
    inspect.signature(task.func).bind(**arguments)
    deferrer = configure_task(
        name=name,
        job_manager=manager,
        queue=task.queue,
        priority=task.priority,
        queueing_lock=once,
        schedule_at=run_at,
    )
    with database_errors():
        return deferrer.defer(**json.loads(json.dumps(arguments, cls=DjangoJSONEncoder)))


@contextlib.contextmanager
def database_errors() -> Iterator[None]:
    """Let the queue's database errors surface as Django's, as everywhere else."""
    try:
        yield
    except ConnectorException as exc:
        if exc.__cause__ is None:
            raise
        with connections[DATABASE].wrap_database_errors:
            raise exc.__cause__  # noqa: B904 (the cause itself is what surfaces)
