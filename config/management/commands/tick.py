"""What a worker does by its clock, once: for cron on machines that run no worker."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.shared import ticks
from config.shared.worker import WorkerLoop


class Command(BaseCommand):
    """Queues the periodic jobs that are due and works until no job is left that is due."""

    help = (
        "Queue every periodic job that is due, once, and run the queue until nothing is due. "
        "Call it every minute where no worker runs; beside workers it does no harm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="List what is due, and run nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            found = ticks.due()
            self._list(found)
            self.stdout.write(f"{len(found)} periodic jobs are due; nothing was run.")
            return
        queued = ticks.queue_due()
        self._list(queued)
        loop = WorkerLoop(
            concurrency=settings.WORKER_CONCURRENCY,
            give_up_seconds=settings.WORKER_GIVE_UP_SECONDS,
            once=True,
        )
        finished = asyncio.run(loop.run())
        self.stdout.write(
            f"{len(queued)} periodic jobs queued, {loop.tally.succeeded} jobs done, "
            f"{loop.tally.failed} runs failed."
        )
        if not finished:
            raise CommandError("The database was not usable for too long; jobs still wait.")

    def _list(self, found: list[ticks.Due]) -> None:
        for each in found:
            self.stdout.write(f"{each.name} ({each.cron}), due since {each.at:%Y-%m-%d %H:%M} UTC")
