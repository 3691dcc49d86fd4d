"""Migration operations for tables that only ever grow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.migrations.operations.base import Operation

SETTING = "courtyard.allow_reset"

_FUNCTION = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    allowed text := pg_catalog.current_setting('{setting}', true);
BEGIN
    IF TG_OP = 'TRUNCATE' AND allowed IN ('truncate', 'on') THEN
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' AND allowed = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = '23001', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
              CONSTRAINT = '{name}';
END
$$
"""
_ROW_TRIGGER = (
    "CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION {function}()"
)
_TRUNCATE_TRIGGER = (
    "CREATE TRIGGER {truncate_trigger} BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
)


class AppendOnly(Operation):
    """Refuse UPDATE, DELETE and TRUNCATE on a model's table.

    The refusal is an ``IntegrityError`` (SQLSTATE 23001) that names the constraint
    ``<table>_append_only``. A session whose ``courtyard.allow_reset`` is ``truncate`` may empty
    the table, one where it is ``on`` may delete rows as well; rows are never changed. The setting
    is for test databases and for rebuilding a demo; a server's role is granted only INSERT and
    SELECT besides.

    Foreign keys of the table must be ``PROTECT`` or ``DO_NOTHING``: clearing one is an UPDATE.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of the models' state."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            names = self._names(schema_editor, model)
            for statement in (_FUNCTION, _ROW_TRIGGER, _TRUNCATE_TRIGGER):
                schema_editor.execute(statement.format(**names), params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            names = self._names(schema_editor, model)
            for statement in (
                "DROP TRIGGER {truncate_trigger} ON {table}",
                "DROP TRIGGER {trigger} ON {table}",
                "DROP FUNCTION {function}()",
            ):
                schema_editor.execute(statement.format(**names), params=None)

    def describe(self) -> str:
        return f"Make {self.model_name} append-only"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name.lower()}_append_only"

    def references_model(self, name: str, app_label: str) -> bool:
        return name.lower() == self.model_name.lower()

    def _names(self, schema_editor: Any, model: Any) -> dict[str, str]:
        table = model._meta.db_table
        quote = schema_editor.quote_name
        return {
            "table": quote(table),
            "name": f"{table}_append_only",
            "function": quote(f"{table}_append_only"),
            "trigger": quote(f"{table}_append_only"),
            "truncate_trigger": quote(f"{table}_append_only_truncate"),
            "setting": SETTING,
        }


@contextmanager
def reset_allowed(using: str = "default") -> Iterator[None]:
    """Allow rows of append-only tables to be deleted, in a transaction that lasts for the block."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [SETTING])
        before = cursor.fetchone()[0] or ""
        cursor.execute("SELECT set_config(%s, 'on', true)", [SETTING])
        yield
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, before])
