"""Two databases: every table in exactly one of them, no relation and no row across."""

import pytest
from django.apps import apps
from django.db import connections, router
from django.db.models import ForeignKey, Model

from config.routers import CREDENTIALS, CredentialsRouter

HISTORY = "django_migrations"


def managed_models() -> list[type[Model]]:
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model._meta.proxy]


def tables_of(label_is_credentials: bool) -> set[str]:
    return {
        model._meta.db_table
        for model in managed_models()
        if (model._meta.app_label == CREDENTIALS) == label_is_credentials
    }


def existing_tables(alias: str) -> set[str]:
    with connections[alias].cursor() as cursor:
        return set(connections[alias].introspection.table_names(cursor))


@pytest.mark.django_db
def test_no_table_of_one_database_exists_in_the_other() -> None:
    secrets, others = tables_of(True), tables_of(False)

    assert existing_tables(CREDENTIALS) == secrets | {HISTORY}
    assert others <= existing_tables("default")
    assert secrets.isdisjoint(existing_tables("default"))


@pytest.mark.django_db
def test_nothing_but_tables_of_secrets_is_made_beside_them() -> None:
    query = """
        SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
        WHERE n.nspname = 'public' AND d.objid IS NULL
    """
    with connections[CREDENTIALS].cursor() as cursor:
        cursor.execute(query)

        assert cursor.fetchone() == (0,)


def test_every_model_is_read_and_written_where_its_table_is() -> None:
    for model in managed_models():
        home = CREDENTIALS if model._meta.app_label == CREDENTIALS else "default"

        assert router.db_for_read(model) == home, model
        assert router.db_for_write(model) == home, model
        assert router.allow_migrate_model(home, model), model
        for alias in set(connections) - {home}:
            assert not router.allow_migrate_model(alias, model), model


def test_no_foreign_key_crosses_the_databases() -> None:
    crossing = [
        field
        for model in managed_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and (model._meta.app_label == CREDENTIALS)
        != (field.related_model._meta.app_label == CREDENTIALS)
    ]

    assert crossing == []


def test_objects_of_different_databases_cannot_be_related() -> None:
    secret = apps.get_model("credentials", "Session")()
    person = apps.get_model("accounts", "User")()
    rules = CredentialsRouter()

    assert rules.allow_relation(secret, person) is False
    assert rules.allow_relation(secret, secret) is True
    assert rules.allow_relation(person, person) is None
