"""Many rows at once, by PostgreSQL's COPY."""

from collections.abc import Iterable
from typing import Any

from django.db import connections, models, router, transaction

BATCH = 20_000
_STAGE = "courtyard_bulk_stage"


def copy_rows(rows: Iterable[models.Model]) -> int:
    """Insert ``rows``, all of one model, and return how many were not there yet.

    A row that any unique constraint refuses is left out, so the same call may be repeated. Every
    value has to be given: neither ``save`` nor ``db_default`` has a say, only ``auto_now``, and
    ``auto_now_add`` where no time is given.
    Raises ``IntegrityError`` where another constraint is broken; then nothing is inserted.
    """
    batch = list(rows)
    if not batch:
        return 0
    model = type(batch[0])
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    table, stage = quote(model._meta.db_table), quote(_STAGE)
    inserted = 0
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        # Plain columns of the same types: neither constraints nor generated values.
        cursor.execute(f"CREATE TEMPORARY TABLE {stage} AS SELECT {columns} FROM {table} LIMIT 0")  # noqa: S608
        for start in range(0, len(batch), BATCH):
            with cursor.copy(f"COPY {stage} ({columns}) FROM STDIN") as copy:
                for row in batch[start : start + BATCH]:
                    copy.write_row([_value(row, field, connection) for field in fields])
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {stage} ON CONFLICT DO NOTHING"  # noqa: S608
        )
        inserted = cursor.rowcount
        cursor.execute(f"DROP TABLE {stage}")
    return inserted


def _value(row: models.Model, field: Any, connection: Any) -> Any:
    given = getattr(row, field.attname)
    keeps = getattr(field, "auto_now_add", False) and given is not None
    value = given if keeps else field.pre_save(row, add=True)
    if hasattr(value, "resolve_expression"):
        raise TypeError(f"{type(row).__name__}.{field.name} has to be given a plain value.")
    return field.get_db_prep_save(value, connection)
