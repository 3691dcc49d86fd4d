"""The demo community as a whole: every app's part of it, in order."""

from contextlib import ExitStack
from datetime import date
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.core.management.base import CommandError
from django.db import connection, connections, transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from accounts.services.settings import ensure_settings
from config.shared.seeding import SCALES, Seed

# In the order of the apps: each part builds on those before it.
APPS = ("accounts", "catalog", "messaging", "bookings")
MARK = "demo:"


def build_community(
    *,
    number: int,
    scale: str,
    console: Console,
    today: date | None = None,
    dry_run: bool = False,
    pictures: bool = True,
) -> Seed:
    """Add what is missing of the community ``number``, with a bar of progress on a terminal.

    With ``dry_run`` everything is taken back, and only the figures remain. Raises
    ``CommandError`` where another community is there already.
    """
    refuse_other_community(number)
    columns = (TextColumn("{task.description:<36}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=1.0)
        seed = Seed(
            number=number,
            people=SCALES[scale],
            today=today or timezone.now().date(),
            pictures=pictures and not dry_run,
            contents=not dry_run,
            step=lambda label, share: progress.update(
                task, description=label, completed=share, refresh=True
            ),
        )
        build_all(seed, dry_run=dry_run)
    return seed


def build_all(seed: Seed, *, dry_run: bool) -> None:
    """Let every app add its part; with ``dry_run``, take it all back in the end."""
    with ExitStack() as stack:
        if dry_run:
            for alias in connections:
                stack.enter_context(transaction.atomic(using=alias))
        ensure_settings()
        for app in APPS:
            name = f"{apps.get_app_config(app).name}.demo"
            if find_spec(name) is not None:
                import_module(name).build(seed)
        if dry_run:
            for alias in connections:
                transaction.set_rollback(True, using=alias)


def refuse_other_community(number: int) -> None:
    """Stop before two communities are mixed whose people have the same phone numbers."""
    everybody = apps.get_model("accounts", "User").objects
    if everybody.model._meta.db_table not in connection.introspection.table_names():
        raise CommandError("The databases have no tables yet: run `manage.py migrate` first.")
    people = everybody.filter(external_subject__startswith=MARK)
    subject = people.values_list("external_subject", flat=True).first()
    found = subject.split(":")[1] if subject else str(number)
    if found != str(number):
        raise CommandError(
            f"These databases hold the community of seed {found}: say --seed {found}, "
            "or use other databases."
        )
