"""``reconcile_payments``: our payments and ledger against what the gateway has."""

from argparse import ArgumentParser
from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import get_current_timezone, is_naive
from rich.console import Console
from rich.progress import Progress

from bookings.services.reconciling import reconcile, to_reconcile
from config.shared.errors import DomainError


class Command(BaseCommand):
    """Asks the gateway about every payment, and says where it and we differ."""

    help = (
        "Ask the gateway about every payment and compare it with what we know and with the "
        "ledger. Ends with status 1 while something differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fix", action="store_true", help="Apply what we missed, as if its message came now."
        )
        parser.add_argument("--dry-run", action="store_true", help="Compare only, also with --fix.")
        parser.add_argument(
            "--since", metavar="DAY", help="Only payments begun then or later, e.g. 2026-11-01."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        since = moment_of(options["since"])
        repair = options["fix"] and not options["dry_run"]
        hidden = not self.stderr.isatty()
        with Progress(console=Console(stderr=True), transient=True, disable=hidden) as progress:
            bar = progress.add_task("Comparing", total=to_reconcile(since=since).count())
            try:
                found = reconcile(
                    since=since,
                    repair=repair,
                    progress=lambda count: progress.advance(bar, count),
                )
            except DomainError as error:
                raise CommandError(error.detail) from error
        for sentence in found.differences:
            self.stdout.write(sentence)
        self.stdout.write(
            f"{found.compared} payments compared, {len(found.differences)} differences, "
            f"{found.applied} payments brought up to date."
        )
        left = reconcile(since=since).differences if repair else found.differences
        if left:
            advice = "" if repair else " Run it with --fix to apply what was missed."
            raise CommandError(f"{len(left)} differences are left.{advice}")


def moment_of(text: str | None) -> datetime | None:
    """A day or a moment that somebody wrote; raises ``CommandError`` for anything else."""
    if not text:
        return None
    try:
        day = parse_date(text)
        found = datetime.combine(day, time.min) if day else parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{text} is no day: write it as 2026-11-01.")
    return found.replace(tzinfo=get_current_timezone()) if is_naive(found) else found
