"""The worker's loop: a worker that stops unasked is followed by another.

When PostgreSQL goes away, the library's worker stops as if it had been asked to. Here it is
started again with back-off, and only when that has been in vain for long does the process give
up and say so by its exit status.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError, connections
from procrastinate.app import WorkerOptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker

from config.shared import job_upkeep
from config.shared.jobs import DATABASE

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 10
POLL_SECONDS = 2
# A worker that has run for this long was well: the next trouble is a new one.
WELL_AFTER_SECONDS = 30
LONGEST_PAUSE_SECONDS = 30
SHUTDOWN_SECONDS = 60


@dataclass
class Tally:
    """What the worker has done so far."""

    succeeded: int = 0
    failed: int = 0
    restarts: int = 0


class WorkerLoop:
    """Runs jobs ``concurrency`` at a time until asked to stop.

    ``queues`` None means all. With ``once`` it ends when nothing is left to do. After
    ``give_up_seconds`` without a working database it ends by itself.
    """

    def __init__(
        self,
        *,
        concurrency: int,
        queues: list[str] | None = None,
        give_up_seconds: float = 300,
        once: bool = False,
    ) -> None:
        self.concurrency = concurrency
        self.queues = queues
        self.give_up_seconds = give_up_seconds
        self.once = once
        self.tally = Tally()
        self._stopping = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """Finish the running jobs, start no others, and end."""
        self._stopping.set()
        if self._work is not None:
            self._work.cancel()

    async def run(self) -> bool:
        """Work until asked to stop (True) or until it has been in vain for too long (False)."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(max_workers=self.concurrency + 2))
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        in_vain_since: float | None = None
        pause = 0.5
        while not self._stopping.is_set():
            started = time.monotonic()
            finished = await self._run_once()
            if finished or self._stopping.is_set():
                break
            now = time.monotonic()
            if now - started >= WELL_AFTER_SECONDS:
                in_vain_since, pause = None, 0.5
            in_vain_since = in_vain_since or now
            if now - in_vain_since >= self.give_up_seconds:
                return False
            logger.warning("the worker stopped unasked; starting again in %.1f s", pause)
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            self.tally.restarts += 1
        return True

    async def _run_once(self) -> bool:
        """Run one worker to its end; True when it ended as it should."""
        self._work = asyncio.create_task(self._worker())
        try:
            await self._work
        except asyncio.CancelledError:
            return True
        except (OperationalError, ConnectorException, psycopg.Error) as exc:
            logger.warning("the database is not usable: %s", _innermost(exc))
            return False
        except Exception:
            logger.exception("the worker failed")
            return False
        return self.once

    async def _worker(self) -> None:
        await asyncio.to_thread(_rescue_stalled)
        connector = await asyncio.to_thread(_connector)
        with app.replace_connector(connector):
            async with app.open_async():
                logger.info("the worker is ready")
                await app.run_worker_async(**self._options())

    def _options(self) -> WorkerOptions:
        options = WorkerOptions(
            concurrency=self.concurrency,
            wait=not self.once,
            # Behind PgBouncer nobody is notified; there the queue is only polled.
            listen_notify=not settings.DATABASE_POOLER,
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=job_upkeep.STALLED_SECONDS,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=SHUTDOWN_SECONDS,
            worker_middleware=[self._count],
        )
        if self.queues:
            options["queues"] = self.queues
        return options

    async def _count(
        self, call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker
    ) -> Any:
        started = time.monotonic()
        outcome = "failed"
        try:
            result = await call_next()
            outcome = "succeeded"
        finally:
            setattr(self.tally, outcome, getattr(self.tally, outcome) + 1)
            milliseconds = (time.monotonic() - started) * 1000
            logger.info("job %s %s in %.0f ms", context.job.task_name, outcome, milliseconds)
        return result

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), timeout=seconds)
        except TimeoutError:
            return


def _connector() -> PsycopgConnector:
    return PsycopgConnector(kwargs=connector_params(DATABASE), min_size=1, max_size=4, timeout=5)


def _innermost(exc: BaseException) -> BaseException:
    while exc.__cause__ is not None:
        exc = exc.__cause__
    return exc


def _rescue_stalled() -> None:
    try:
        rescued = job_upkeep.rescue_stalled()
    finally:
        connections[DATABASE].close()
    if rescued.retried or rescued.failed:
        logger.warning("stalled jobs: %d retried, %d given up", rescued.retried, rescued.failed)
