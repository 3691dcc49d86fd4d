"""Backing up and restoring both databases together, or not at all."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from config.backups.archive import Dump, Manifest, pack, sha256, unpack
from config.backups.connecting import connect, find_program, run
from config.backups.errors import BackupError
from config.backups.figures import Figures, Step, count_relations, frozen, measure
from config.shared.clock import database_now
from config.shared.version import VERSION

ALIASES = ["default", "credentials"]
DUMP = (
    "--format=custom",
    "--no-owner",
    "--no-privileges",
    "--no-comments",
    "--no-unlogged-table-data",
)
RESTORE = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")


def survey(step: Step = lambda _: None) -> dict[str, Figures]:
    """What a backup made now would hold."""
    with frozen(ALIASES) as snapshots:
        return {alias: measure(found.connection, step) for alias, found in snapshots.items()}


def back_up(target: Path, step: Step = lambda _: None) -> Manifest:
    """Write an archive of both databases, as they are at one moment, to ``target``.

    The archive is read again and compared before it appears. Raises ``BackupError``, and then
    there is no file; an existing one is never replaced.
    """
    if target.exists():
        raise BackupError(f"{target} exists already.")
    with _workshop(target.parent) as folder, frozen(ALIASES) as snapshots:
        made_at = database_now().isoformat()
        dumps = {}
        for alias, snapshot in snapshots.items():
            figures = measure(snapshot.connection, step)
            step(f"dump of {alias}")
            dumps[alias] = _dump(alias, snapshot.name, figures, folder)
        manifest = Manifest(made_at, VERSION, dumps)
        archive = pack(folder, manifest)
        step("verification")
        with _workshop(target.parent) as second:
            if unpack(archive, second) != manifest:
                raise BackupError("What was written cannot be read again; the disk may be failing.")
        archive.rename(target)
    return manifest


def restore(path: Path, *, dry_run: bool = False, step: Step = lambda _: None) -> Manifest:
    """Bring both databases, which must be empty, to what the archive at ``path`` holds.

    Everything is counted and summed up again afterwards. Raises ``BackupError``, and then both
    databases are as empty as before. With ``dry_run`` all that can be told beforehand is checked.
    """
    with _workshop(None) as folder:
        step("verification of the archive")
        manifest = unpack(path, folder)
        _refuse_unknown_schema(manifest)
        for alias in ALIASES:
            _refuse_filled(alias)
        if dry_run:
            return manifest
        touched: list[str] = []
        try:
            for alias in ALIASES:
                step(f"restore of {alias}")
                touched.append(alias)
                _restore(alias, manifest.dumps[alias], folder, step)
        except BaseException:
            for alias in touched:
                _empty(alias)
            raise
    return manifest


def _dump(alias: str, snapshot: str, figures: Figures, folder: Path) -> Dump:
    program = find_program("pg_dump", at_least=figures.server)
    file = folder / f"{alias}.dump"
    run(alias, program, [*DUMP, f"--snapshot={snapshot}", f"--file={file}"])
    return Dump(file.name, file.stat().st_size, sha256(file), figures)


def _restore(alias: str, dump: Dump, folder: Path, step: Step) -> None:
    with connect(alias) as connection:
        server = connection.info.server_version // 10_000
    program = find_program("pg_restore", at_least=max(server, dump.figures.server))
    run(alias, program, [*RESTORE, str(folder / dump.file)])
    with connect(alias) as connection:
        found = measure(connection, step)
    if found.tables != dump.figures.tables or found.migrations != dump.figures.migrations:
        names = found.tables.keys() | dump.figures.tables.keys()
        wrong = sorted(
            name for name in names if found.tables.get(name) != dump.figures.tables.get(name)
        )
        raise BackupError(
            f"The database {alias} does not hold what the archive says, in "
            f"{', '.join(wrong[:5]) or 'its migrations'}. Both databases are empty again."
        )


def _refuse_unknown_schema(manifest: Manifest) -> None:
    known = {"/".join(key) for key in MigrationLoader(None).disk_migrations or {}}
    for alias in ALIASES:
        if alias not in manifest.dumps:
            raise BackupError(f"The archive has no database {alias}.")
        applied = {"/".join(key) for key in manifest.dumps[alias].figures.migrations}
        if unknown := sorted(applied - known):
            raise BackupError(
                f"The archive was made by version {manifest.version}, whose schema this version "
                f"({VERSION}) does not know: {', '.join(unknown[:5])}."
            )


def _refuse_filled(alias: str) -> None:
    with connect(alias) as connection:
        if count := count_relations(connection):
            raise BackupError(
                f"The database {alias} is not empty (it has {count} tables, indexes and others): "
                "restore into new databases."
            )


def _empty(alias: str) -> None:
    with connect(alias) as connection, connection.transaction():
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


@contextmanager
def _workshop(parent: Path | None) -> Iterator[Path]:
    """A private folder that is gone afterwards, on the disk of ``parent``."""
    try:
        folder = tempfile.TemporaryDirectory(prefix=".courtyard-", dir=parent)
    except OSError as error:
        raise BackupError(f"{parent} cannot be written to: {error.strerror}.") from error
    with folder as name:
        yield Path(name)
