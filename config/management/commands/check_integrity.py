from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from accounts.credentials.models import Credential, Passkey, Session
from accounts.models import User
from accounts.services import integrity
from accounts.services.integrity import Report

SENTENCES = {
    "orphan_credentials": "credentials of nobody",
    "orphan_sessions": "sessions of nobody",
    "orphan_passkeys": "passkeys of nobody",
    "people_without_credential": "people without a credential",
    "stuck_registrations": "registrations that are stuck",
}


class Command(BaseCommand):
    """Compares the two databases."""

    help = (
        "Look for secrets of people who do not exist, people without a credential, and "
        "registrations that are stuck. Ends with status 1 while something does not fit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fix",
            action="store_true",
            help="Delete what belongs to nobody, make what is missing, finish what is stuck.",
        )

        parser.add_argument(
            "--dry-run", action="store_true", help="Look only, also with --fix; nothing is changed."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        options["fix"] = options["fix"] and not options["dry_run"]
        report = self._check(repair=options["fix"])
        self._say("Found", report)
        if options["fix"] and report.problems:
            report = self._check(repair=False)
            self._say("Left after the repair", report)
        if report.problems:
            advice = "" if options["fix"] else " Run it with --fix to repair them."
            raise CommandError(f"{report.problems} rows do not fit.{advice}")

    def _check(self, *, repair: bool) -> Report:
        rows = sum(model._base_manager.count() for model in (Credential, Session, Passkey, User))
        hidden = not self.stderr.isatty()
        with Progress(console=Console(stderr=True), transient=True, disable=hidden) as progress:
            bar = progress.add_task("Comparing", total=rows)
            return integrity.check(
                repair=repair, progress=lambda count: progress.advance(bar, count)
            )

    def _say(self, what: str, report: Report) -> None:
        figures = asdict(report)
        self.stdout.write(
            f"{what}: {figures['people']} people and {figures['credentials']} credentials looked "
            "at; " + ", ".join(f"{figures[name]} {text}" for name, text in SENTENCES.items()) + "."
        )
