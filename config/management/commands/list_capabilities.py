"""``manage.py list_capabilities``: what Courtyard promises, and which tests prove it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.capabilities import document
from config.capabilities.proofs import capabilities, proofs


class Command(BaseCommand):
    """Lists the capabilities, or writes or checks the page about them."""

    help = "List what Courtyard promises and how many tests prove each row."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--write", action="store_true", help="write docs/capabilities.md")
        group.add_argument(
            "--check", action="store_true", help="fail when docs/capabilities.md is out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            document.write()
            self.stdout.write(f"Wrote {document.PATH.name} with {len(capabilities())} rows.")
            return
        if options["check"]:
            if not document.is_current():
                raise CommandError(
                    "docs/capabilities.md is out of date: run manage.py list_capabilities --write."
                )
            self.stdout.write("docs/capabilities.md is up to date.")
            return
        found = proofs()
        for row in capabilities().values():
            tests = len(found.get(row.id, []))
            self.stdout.write(f"{row.id}  {row.priority:6}  {tests:3} tests  {row.sentence}")
        missing = len(document.unproved())
        self.stdout.write(f"{len(capabilities())} capabilities, {missing} without a test.")
