"""``seed``: fills an empty Courtyard with a community that one can believe in."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from config.management.community import build_community
from config.shared.seeding import SCALES, Seed


class Command(BaseCommand):
    """Adds the demo community; what is there already stays as it is."""

    help = "Fill the databases with a believable community. May be repeated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        sizes = ", ".join(f"{scale} {people:,}" for scale, people in SCALES.items())
        parser.add_argument(
            "--seed", type=int, default=1, metavar="N", help="What everything follows from (1)."
        )
        parser.add_argument(
            "--scale", choices=SCALES, default="small", help=f"How many people: {sizes}."
        )
        parser.add_argument(
            "--accounts-json",
            type=Path,
            metavar="FILE",
            help="Write the accounts one can sign in as, with their passwords, to FILE.",
        )
        parser.add_argument(
            "--today", type=date.fromisoformat, help="The day that expiry dates count from (today)."
        )
        parser.add_argument("--no-pictures", action="store_true", help="Draw no pictures.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be added, and add nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        seed = build_community(
            number=options["seed"],
            scale=options["scale"],
            today=options["today"],
            dry_run=options["dry_run"],
            pictures=not options["no_pictures"],
            console=Console(stderr=True),
        )
        if path := options["accounts_json"]:
            write_accounts(path, seed)
        self.report(seed, dry_run=options["dry_run"])

    def report(self, seed: Seed, *, dry_run: bool) -> None:
        """Say in figures what was added."""
        for name, made in sorted(seed.made.items()):
            self.stdout.write(f"{name}: {made:,} added, {seed.found[name]:,} there before")
        total = sum(seed.made.values())
        verb = "would be added" if dry_run else "added"
        self.stdout.write(
            self.style.SUCCESS(
                f"Seed {seed.number}: {total:,} rows {verb} for {seed.people:,} people; "
                f"{len(seed.accounts)} of them can sign in."
            )
        )


def write_accounts(path: Path, seed: Seed) -> None:
    """Write the accounts to ``path``, readable by its owner only."""
    try:
        path.touch(mode=0o600)
        path.write_text(json.dumps(seed.account_list(), indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
