from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, router
from rich.console import Console
from rich.progress import Progress

from config.shared.sealed import reseal, sealed_columns

BROKEN_SHOWN = 10


class Command(BaseCommand):
    """Puts every sealed value of both databases under the newest key."""

    help = (
        "Encrypt every sealed field again with the newest of FIELD_ENCRYPTION_KEYS. Put the new "
        "key first, deploy, run this, and only then remove the old key."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Count what would change, and change nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        total: Counter[str] = Counter()
        for model, field in sealed_columns():
            total += self._rotate(model, field, dry_run=options["dry_run"])
        self.stdout.write(f"All: {_figures(total, dry_run=options['dry_run'])}.")
        if total["broken"]:
            raise CommandError(
                f"{total['broken']} values do not open: keep every old key in "
                "FIELD_ENCRYPTION_KEYS until they are dealt with."
            )

    def _rotate(self, model: type[models.Model], field: str, *, dry_run: bool) -> Counter[str]:
        using = router.db_for_write(model)
        rows = model._base_manager.using(using)
        label = f"{using}: {model._meta.label}.{field}"
        found: Counter[str] = Counter()
        broken: list[Any] = []
        hidden = not self.stderr.isatty()
        with Progress(console=Console(stderr=True), transient=True, disable=hidden) as progress:
            bar = progress.add_task(label, total=rows.filter(**{f"{field}__isnull": False}).count())
            for pk, outcome in reseal(rows.all(), field, dry_run=dry_run):
                found[outcome] += 1
                progress.advance(bar)
                if outcome == "broken" and len(broken) < BROKEN_SHOWN:
                    broken.append(pk)
        self.stdout.write(f"{label}: {_figures(found, dry_run=dry_run)}.")
        for pk in broken:
            self.stderr.write(f"{label} of {pk} does not open.")
        return found


def _figures(found: Counter[str], *, dry_run: bool) -> str:
    changed = "to be resealed" if dry_run else "resealed"
    return (
        f"{found.total()} values, {found['resealed']} {changed}, "
        f"{found['current']} already under the newest key, {found['broken']} broken"
    )
