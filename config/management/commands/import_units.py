"""``import_units``: units of a development from a table, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from catalog.homes_exceptions import ImportRefusedError
from catalog.models import Development
from catalog.services.unit_import import CHANGED, ImportPlan, carry_out_import, preview_import
from catalog.services.unit_import_files import MOST_BYTES
from config.shared.errors import DomainError


class Command(BaseCommand):
    """Creates and changes units as a CSV or XLSX file says."""

    help = "Create and change the units of a development as a CSV or XLSX file says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV (UTF-8) or XLSX.")
        parser.add_argument(
            "--development", required=True, metavar="SLUG_OR_ID", help="Whose units they are."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would change.")

    def handle(self, *args: Any, **options: Any) -> None:
        development = development_named(options["development"])
        path, dry_run = options["file"], options["dry_run"]
        table = {
            "development": development,
            "actor": None,
            "content": content_of(path),
            "name": path.name,
        }
        try:
            plan = preview_import(**table) if dry_run else carry_out_import(**table)
            if plan.faults:
                raise ImportRefusedError(plan.faults)
        except ImportRefusedError as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise CommandError(error.detail) from error
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.tell(plan, development, dry_run=dry_run)

    def tell(self, plan: ImportPlan, development: Development, *, dry_run: bool) -> None:
        """Say what changed, each change of a unit by its line when nothing was written."""
        if dry_run:
            for row in plan.doing(CHANGED):
                shown = ", ".join(
                    f"{name} {before} → {after}" for name, (before, after) in row.changes.items()
                )
                self.stdout.write(f"Line {row.line}, {row.unit}: {shown}")
        counts = ", ".join(f"{count:,} {action}" for action, count in plan.counts.items())
        self.stdout.write(self.style.SUCCESS(f"{development}: {counts}."))
        if dry_run:
            self.stdout.write("Nothing was written.")


def development_named(word: str) -> Development:
    """The development with this slug or key, or ``CommandError``."""
    alive = Development.objects.alive()
    try:
        found = alive.filter(pk=UUID(word)).first()
    except ValueError:
        found = alive.filter(slug=word).first()
    if found is None:
        raise CommandError(f"No development has the slug or key {word!r}.")
    return found


def content_of(path: Path) -> bytes:
    """What is in the file, a little more than will be read at most; or ``CommandError``."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
