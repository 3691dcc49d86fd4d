"""Progress and figures of the two commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from config.backups.archive import Manifest
from config.backups.figures import Figures, Step


@contextmanager
def progress(stderr: Any) -> Iterator[Step]:
    """Show the present step to a person at a terminal; nobody else sees anything."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not stderr.isatty()) as bar:
        task = bar.add_task("start")
        yield lambda name: bar.update(task, description=name)


def figures_line(alias: str, figures: Figures, size: int | None = None) -> str:
    dump = f", dump of {megabytes(size)}" if size is not None else ""
    migrations = len(figures.migrations)
    return (
        f"{alias}: {len(figures.tables)} tables, {figures.rows:,} rows, {migrations} migrations, "
        f"PostgreSQL {figures.server}{dump}."
    )


def manifest_lines(manifest: Manifest) -> Iterator[str]:
    for alias, dump in manifest.dumps.items():
        yield figures_line(alias, dump.figures, dump.bytes)


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
