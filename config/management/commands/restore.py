"""Both databases out of one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backups.errors import BackupError
from config.backups.operations import restore
from config.backups.telling import manifest_lines, progress


class Command(BaseCommand):
    """Fills two empty databases from an archive and verifies what they then hold."""

    requires_system_checks = []
    help = (
        "Restore both databases, which must be empty, from an archive of backup. Every table is "
        "counted and summed up again; where something differs, both are emptied."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Verify the archive and the databases, and restore nothing.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = options["dry_run"]
        try:
            with progress(self.stderr) as step:
                manifest = restore(options["archive"], dry_run=dry_run, step=step)
        except BackupError as error:
            raise CommandError(str(error)) from error
        for line in manifest_lines(manifest):
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("The archive is whole and the databases are empty; nothing restored.")
        else:
            self.stdout.write(f"Restored and verified: as of {manifest.made_at}. Now run migrate.")
