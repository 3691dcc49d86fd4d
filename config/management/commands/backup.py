"""Both databases into one file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backups.errors import BackupError
from config.backups.operations import back_up, survey
from config.backups.telling import figures_line, manifest_lines, megabytes, progress


class Command(BaseCommand):
    """Writes one verified archive of both databases, as they are at one moment."""

    requires_system_checks = []
    help = (
        "Back both databases up into one verified archive. Uploaded files and keys are not in it: "
        "keep the keys elsewhere, or what is sealed in it stays closed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "archive", nargs="?", type=Path, help="Where to; a new file in DATA_DIR/backups if not."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be in it, and write nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["dry_run"]:
                self._survey()
            else:
                self._back_up(options["archive"] or new_file())
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _survey(self) -> None:
        with progress(self.stderr) as step:
            found = survey(step)
        for alias, figures in found.items():
            self.stdout.write(figures_line(alias, figures))
        self.stdout.write("Nothing was written.")

    def _back_up(self, target: Path) -> None:
        with progress(self.stderr) as step:
            manifest = back_up(target.absolute(), step)
        for line in manifest_lines(manifest):
            self.stdout.write(line)
        self.stdout.write(f"{target}: {megabytes(target.stat().st_size)}, read again and verified.")


def new_file() -> Path:
    folder: Path = settings.DATA_DIR / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"courtyard-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
