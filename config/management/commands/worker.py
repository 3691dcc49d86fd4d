import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.shared.worker import WorkerLoop


class Command(BaseCommand):
    """Runs background jobs, and starts itself again when the database comes back."""

    requires_system_checks = []
    help = "Run background jobs until SIGTERM or Ctrl-C; running jobs are finished first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--concurrency", type=int, default=settings.WORKER_CONCURRENCY, help="Jobs at a time."
        )
        parser.add_argument(
            "--queue", action="append", dest="queues", help="Only this queue; may be repeated."
        )
        parser.add_argument(
            "--once", action="store_true", help="Stop when no job is due, for cron and scripts."
        )
        parser.add_argument(
            "--give-up",
            type=float,
            default=settings.WORKER_GIVE_UP_SECONDS,
            metavar="SECONDS",
            help="End with status 1 after so long without a working database.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["concurrency"] < 1:
            raise CommandError("--concurrency must be at least 1.")
        done, loop = asyncio.run(self._run(options))
        tally = loop.tally
        self.stdout.write(
            f"Worker stopped: {tally.succeeded} jobs done, {tally.failed} runs failed, "
            f"{tally.restarts} restarts."
        )
        if not done:
            raise CommandError(
                f"The worker gave up: the database was not usable for {options['give_up']:g} "
                "seconds. Check DATABASE_URL and that PostgreSQL runs and is migrated."
            )

    async def _run(self, options: dict[str, Any]) -> tuple[bool, WorkerLoop]:
        loop = WorkerLoop(
            concurrency=options["concurrency"],
            queues=options["queues"],
            give_up_seconds=options["give_up"],
            once=options["once"],
        )
        queues = ", ".join(options["queues"] or ["all"])
        self.stdout.write(f"Worker: {loop.concurrency} jobs at a time, queues: {queues}.")
        self.stdout.flush()
        return await loop.run(), loop
