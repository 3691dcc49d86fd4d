"""``export_user``: an archive of everything about one person, for who asks by other ways."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.exports import archive_to
from config.management.people import person_named
from config.shared.personal_data import collected


class Command(BaseCommand):
    """Writes what is kept about a person into a ZIP archive."""

    help = "Write everything that is kept about a person into a ZIP archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="A key, phone number, e-mail address or username.")
        parser.add_argument("--output", type=Path, metavar="FILE", help="courtyard-<key>.zip")
        parser.add_argument("--dry-run", action="store_true", help="Count, and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_named(options["person"])
        for name, content in collected(person).items():
            count = len(content) if isinstance(content, list) else int(content is not None)
            self.stdout.write(f"{name}: {count:,}")
        if options["dry_run"]:
            self.stdout.write("Nothing was written.")
            return
        path = options["output"] or Path(f"courtyard-{person.pk}.zip")
        try:
            path.touch(mode=0o600)
            with path.open("wb") as file:
                files = archive_to(file, person=person)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        size = path.stat().st_size
        self.stdout.write(self.style.SUCCESS(f"{path}: {size:,} bytes, {files:,} files in it."))
