"""``migrate`` from nothing, back to nothing and forward again, on fresh databases of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings.databases import EMBEDDED_NAMES
from config.tests.embedded import fresh_folder, manage, rows, using


@pytest.fixture
def folder() -> Iterator[Path]:
    """A server of its own, kept up by one user for as long as the test lasts."""
    with fresh_folder() as folder, using(folder) as user:
        user.query()
        yield folder


def tables(folder: Path, alias: str) -> set[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return {name for (name,) in rows(folder, EMBEDDED_NAMES[alias], query)}


def test_both_databases_go_forward_back_and_forward_again(folder: Path) -> None:
    assert manage(folder, "migrate", "--check").returncode == 1
    assert tables(folder, "default") == tables(folder, "credentials") == set()

    done = manage(folder, "migrate")

    assert done.returncode == 0, done.stderr
    assert "Database default:" in done.stdout
    assert "Database credentials:" in done.stdout
    assert manage(folder, "migrate", "--check").returncode == 0
    forward = {alias: tables(folder, alias) for alias in ("default", "credentials")}
    assert {"accounts_user", "procrastinate_jobs"} <= forward["default"]
    assert {"credentials_credential", "django_migrations"} <= forward["credentials"]
    assert forward["default"] & forward["credentials"] == {"django_migrations"}

    for app in ("credentials", "accounts"):
        done = manage(folder, "migrate", app, "zero")
        assert done.returncode == 0, done.stderr
    assert tables(folder, "credentials") == {"django_migrations"}
    assert not {name for name in tables(folder, "default") if name.startswith("accounts_")}

    done = manage(folder, "migrate")

    assert done.returncode == 0, done.stderr
    assert {alias: tables(folder, alias) for alias in forward} == forward


def test_one_database_can_be_migrated_alone(folder: Path) -> None:
    done = manage(folder, "migrate", "--database=credentials")

    assert done.returncode == 0, done.stderr
    assert "credentials_credential" in tables(folder, "credentials")
    assert tables(folder, "default") == set()
    assert manage(folder, "migrate", "--check", "--database=credentials").returncode == 0
    assert manage(folder, "migrate", "--check", "--database=default").returncode == 1

    done = manage(folder, "migrate", "credentials", "zero", "--database=credentials")

    assert done.returncode == 0, done.stderr
    assert tables(folder, "credentials") == {"django_migrations"}
    assert tables(folder, "default") == set()


def test_an_unknown_migration_is_refused_in_one_sentence(folder: Path) -> None:
    done = manage(folder, "migrate", "accounts", "9999_elsewhere")

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Cannot find a migration matching '9999_elsewhere'" in done.stderr
