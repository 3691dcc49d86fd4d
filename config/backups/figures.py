"""What is in a database: its migrations, and of every table the rows and a sum over them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from config.backups.connecting import connect

Step = Callable[[str], None]

# One spelling of every value, whatever the server's settings are.
SPELLING = (
    "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'iso_8601'; "
    "SET extra_float_digits = 1; SET bytea_output = 'hex'"
)
# Neither what an extension made, nor tables without a log, which hold nothing that must last.
TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence = 'p'
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1, 2
"""
RELATIONS = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""
# The first 64 bits of each row's hash, added up: the order of the rows does not matter.
SUM = """
    SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0)::text
    FROM {} AS t
"""


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows a table has, and the sum over their contents."""

    rows: int
    sum: str


@dataclass(frozen=True, slots=True)
class Figures:
    """One database at one moment."""

    server: int
    migrations: list[list[str]]
    tables: dict[str, Table]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A moment of one database that other connections may look at while this one is open."""

    name: str
    connection: psycopg.Connection


@contextmanager
def frozen(aliases: list[str]) -> Iterator[dict[str, Snapshot]]:
    """Snapshots of all databases, taken in the given order, one right after the other.

    ``default`` comes first: a credential too many is harmless, a missing one is not.
    """
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(alias)) for alias in aliases]
        snapshots = {}
        for alias, connection in zip(aliases, opened, strict=True):
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            row = connection.execute("SELECT pg_export_snapshot()").fetchone()
            snapshots[alias] = Snapshot(str(row[0]) if row else "", connection)
        yield snapshots


def measure(connection: psycopg.Connection, step: Step = lambda _: None) -> Figures:
    """Count and sum up all tables that ``connection`` sees; ``step`` hears of each."""
    connection.execute(SPELLING)
    tables = {}
    for schema, name in connection.execute(TABLES).fetchall():
        label = name if schema == "public" else f"{schema}.{name}"
        step(label)
        query = sql.SQL(SUM).format(sql.Identifier(schema, name))
        rows, total = _only_row(connection, query)
        tables[label] = Table(rows, total)
    return Figures(
        connection.info.server_version // 10_000, _migrations(connection, tables), tables
    )


def count_relations(connection: psycopg.Connection) -> int:
    """How many tables, views, sequences and indexes there are beside those of extensions."""
    return int(_only_row(connection, sql.SQL(RELATIONS))[0])


def _migrations(connection: psycopg.Connection, tables: dict[str, Table]) -> list[list[str]]:
    if "django_migrations" not in tables:
        return []
    query = "SELECT app, name FROM django_migrations ORDER BY app, name"
    return [list(row) for row in connection.execute(query).fetchall()]


def _only_row(connection: psycopg.Connection, query: sql.SQL | sql.Composed) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    return row if row is not None else (0,)
