"""The operation that makes a table append-only, forwards and backwards."""

from typing import Any, ClassVar

import pytest
from django.db import IntegrityError, connection, connections, models, transaction
from django.db.migrations.state import ModelState, ProjectState

from config.shared.triggers import AppendOnly, reset_allowed
from config.tests.tables import scratch, tables

with scratch():

    class Fact(models.Model):
        """Something that was so."""

        text = models.CharField(max_length=20)

        objects: ClassVar[models.Manager[Any]] = models.Manager()

        class Meta:
            app_label = "config"

        def __str__(self):
            return self.text


OPERATION = AppendOnly("Fact")


def migrate(direction):
    state = ProjectState()
    state.add_model(ModelState.from_model(Fact))
    with connection.schema_editor() as editor:
        getattr(OPERATION, f"database_{direction}")("config", editor, state, state)


@pytest.fixture
def facts(db):
    with tables(Fact):
        migrate("forwards")
        Fact.objects.create(text="before")
        yield Fact.objects


def run(statement, allow_reset=None):
    with transaction.atomic(), connection.cursor() as cursor:
        if allow_reset is not None:
            cursor.execute("SET LOCAL courtyard.allow_reset = %s", [allow_reset])
        cursor.execute(statement)


def refused(statement, allow_reset=None):
    with pytest.raises(IntegrityError) as refusal:
        run(statement, allow_reset)
    return refusal.value.__cause__


STATEMENTS = {
    "UPDATE": "UPDATE config_fact SET text = 'after'",
    "DELETE": "DELETE FROM config_fact",
    "TRUNCATE": "TRUNCATE config_fact",
}


@pytest.mark.parametrize("act", STATEMENTS)
def test_an_append_only_table_only_grows(facts, act):
    error = refused(STATEMENTS[act], allow_reset="")

    assert error.sqlstate == "23001"
    assert error.diag.constraint_name == "config_fact_append_only"
    assert error.diag.table_name == "config_fact"
    assert str(error).startswith(f"config_fact is append-only: {act} is refused")
    assert facts.get().text == "before"
    facts.create(text="more")
    assert facts.count() == 2


@pytest.mark.parametrize(
    ("setting", "act"), [("truncate", "UPDATE"), ("truncate", "DELETE"), ("on", "UPDATE")]
)
def test_a_reset_allows_only_what_it_needs(facts, setting, act):
    refused(STATEMENTS[act], allow_reset=setting)

    assert facts.get().text == "before"


@pytest.mark.parametrize(("setting", "act"), [("truncate", "TRUNCATE"), ("on", "DELETE")])
def test_a_reset_may_empty_the_table(facts, setting, act):
    run(STATEMENTS[act], allow_reset=setting)

    assert not facts.exists()


def test_a_reset_ends_with_its_block(facts):
    with reset_allowed():
        facts.filter(text="other").delete()

    refused(STATEMENTS["DELETE"])
    with pytest.raises(LookupError), reset_allowed():
        raise LookupError
    refused(STATEMENTS["DELETE"])


def test_the_operation_can_be_taken_back(facts):
    migrate("backwards")

    facts.update(text="after")
    assert facts.get().text == "after"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'config_fact%%'")
        assert cursor.fetchone() == (0,)
    migrate("forwards")
    refused(STATEMENTS["UPDATE"])


def test_a_table_of_the_other_database_is_left_alone(db):
    state = ProjectState()
    state.add_model(ModelState.from_model(Fact))

    with connections["credentials"].schema_editor(collect_sql=True) as editor:
        OPERATION.database_forwards("config", editor, state, state)
        OPERATION.database_backwards("config", editor, state, state)

        assert editor.collected_sql == []


def test_the_operation_describes_itself():
    assert OPERATION.describe() == "Make Fact append-only"
    assert OPERATION.migration_name_fragment == "fact_append_only"
    assert OPERATION.references_model("fact", "config")
    assert not OPERATION.references_model("other", "config")
