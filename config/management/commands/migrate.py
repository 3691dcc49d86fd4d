"""``migrate`` for both databases at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections

from accounts.services.settings import ensure_settings


class Command(migrate.Command):
    """Brings both databases to the newest schema, or to the one that was asked for.

    Without ``--database`` every database is migrated in turn, each with a history of its own; then
    staff find every setting in the back office.
    """

    help = "Updates the schema of both databases, or of the one that --database names."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=None)

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        kwargs: dict[Any, Any] = super().get_check_kwargs({**options, "database": None})
        return {**kwargs, "databases": chosen(options)}

    def handle(self, *args: Any, **options: Any) -> None:
        unapplied = False
        for alias in chosen(options):
            if options["verbosity"] and not options["database"]:
                self.stdout.write(self.style.MIGRATE_HEADING(f"Database {alias}:"))
            with unlimited_statements(alias):
                try:
                    super().handle(*args, **{**options, "database": alias})
                except SystemExit:
                    # --check: tell what is missing in every database before giving up.
                    unapplied = True
        if unapplied:
            raise SystemExit(1)
        if is_whole(options) and (missing := ensure_settings()) and options["verbosity"]:
            self.stdout.write(f"{missing} settings are new; they have their defaults.")


def is_whole(options: dict[str, Any]) -> bool:
    """Whether everything was brought to its newest schema, and not merely looked at."""
    partial = ("database", "app_label", "plan", "check_unapplied", "prune", "fake")
    return not any(options[name] for name in partial)


def chosen(options: dict[str, Any]) -> list[str]:
    return [options["database"]] if options["database"] else list(connections)


@contextmanager
def unlimited_statements(alias: str) -> Iterator[None]:
    """Let a statement (an index on a big table) take its time; waiting for a lock stays short.

    Nothing is set behind a pooler, where the session belongs to others, too.
    """
    if settings.DATABASE_POOLER:
        yield
        return
    with connections[alias].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        if connections[alias].is_usable():
            with connections[alias].cursor() as cursor:
                cursor.execute("RESET statement_timeout")
