"""Settings: what production needs and refuses, and the one sentence that says so."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config.embedded_postgres.server import PROJECT
from config.tests.production import SANE, run, start

REQUIRED = [
    "SECRET_KEY",
    "JWT_SIGNING_KEY",
    "FIELD_ENCRYPTION_KEYS",
    "CODE_PEPPERS",
    "ALLOWED_HOSTS",
    "PUBLIC_BASE_URL",
    "NUM_PROXIES",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
]
# Read by Django, by Prometheus's client, or before the settings are.
NOT_READ_HERE = {"DJANGO_SETTINGS_MODULE", "ENV_FILE"}


def refused(variable: str, *words: str, **options: Any) -> str:
    """Start production and expect it to stop with one sentence that names ``variable``."""
    done = start("production", **options)
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith(f"Courtyard cannot start: {variable} ")
    for word in words:
        assert word in lines[0]
    return lines[0]


def shown(settings_name: str, *names: str, **changes: str) -> dict[str, Any]:
    done = start(settings_name, *names, **changes)
    assert done.returncode == 0, done.stderr
    values: dict[str, Any] = json.loads(done.stdout)
    return values


def test_production_starts_with_a_complete_environment() -> None:
    assert shown("production", "DEBUG", "SMS_BACKEND", "SESSION_COOKIE_SECURE") == {
        "DEBUG": False,
        "SMS_BACKEND": "twilio",
        "SESSION_COOKIE_SECURE": True,
    }


@pytest.mark.parametrize("variable", REQUIRED)
def test_production_needs_a_value_that_others_have_a_default_for(variable: str) -> None:
    refused(variable, "is not set", without=variable)
    refused(variable, "is not set", **{variable: ""})


@pytest.mark.parametrize(("name", "sms"), [("local", "console"), ("test", "memory")])
def test_a_developers_machine_needs_nothing(name: str, sms: str) -> None:
    values = shown(name, "DATABASES", "SMS_BACKEND", "PUBLIC_BASE_URL")

    assert values["DATABASES"]["default"]["ENGINE"] == "config.embedded_postgres"
    assert values["DATABASES"]["credentials"]["NAME"] == "courtyard_credentials"
    assert values["SMS_BACKEND"] == sms


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [
        ("DATABASE_URL", "mysql://user@host/name", "postgresql://"),
        ("CREDS_DATABASE_URL", "postgresql://user@host", "postgresql://"),
        ("DATABASE_URL", "postgresql://user@host:port/name", "postgresql://"),
        ("SECRET_KEY", "short", "needs at least 50 characters"),
        ("JWT_SIGNING_KEY", "short", "needs at least 32 characters"),
        ("FIELD_ENCRYPTION_KEYS", "c2hvcnQ=", "Fernet keys"),
        ("CODE_PEPPERS", "2026:short", "at least 32 characters"),
        ("CODE_PEPPERS", "without-a-name-and-long-enough-to-be-a-pepper", "name:secret"),
        ("PUBLIC_BASE_URL", "courtyard.example", "https://"),
        ("NUM_PROXIES", "several", "whole number"),
        ("NUM_PROXIES", "-1", "between 0 and 8"),
        ("DEBUG", "perhaps", "true or false"),
        ("EMAIL_URL", "pigeon://roof", "smtp+tls://"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO"),
        ("CODE_SECONDS", "3600", "between 60 and 600"),
        ("ALLOW_UNSAFE", "everything", "not everything"),
        ("SECRET_KEY_FILE", "/nonexistent", "SECRET_KEY"),
        ("STRIPE_WEBHOOK_SECRET", "", "is not set, though STRIPE_SECRET_KEY is"),
        ("STRIPE_PUBLISHABLE_KEY", "", "is not set, though STRIPE_SECRET_KEY is"),
        ("STRIPE_API_BASE", "http://stripe.example", "must begin with https://"),
    ],
)
def test_a_malformed_value_is_named_with_what_was_expected(
    variable: str, value: str, word: str
) -> None:
    name = variable.removesuffix("_FILE")
    without = name if name != variable else ""

    refused(name, word, without=without, **{variable: value})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", "hunter2-hunter2"),
        ("JWT_SIGNING_KEY", "hunter2"),
        ("FIELD_ENCRYPTION_KEYS", "hunter2"),
        ("CODE_PEPPERS", "2026:hunter2"),
        ("DATABASE_URL", "mysql://me:hunter2@host/name"),
        ("EMAIL_URL", "pigeon://me:hunter2@roof"),
    ],
)
def test_no_message_repeats_a_secret(variable: str, value: str) -> None:
    assert "hunter2" not in refused(variable, **{variable: value})


@pytest.mark.parametrize(
    ("name", "variable", "options"),
    [
        ("debug", "DEBUG", {"DEBUG": "true"}),
        ("test_gateway", "STRIPE_SECRET_KEY", {"without": "STRIPE_SECRET_KEY"}),
        ("console_sms", "TWILIO_ACCOUNT_SID", {"without": "TWILIO_ACCOUNT_SID"}),
        ("console_sms", "TWILIO_ACCOUNT_SID", {"SMS_BACKEND": "file"}),
        ("console_mail", "EMAIL_URL", {"EMAIL_URL": "consolemail://"}),
        ("embedded_database", "DATABASE_URL", {"DATABASE_URL": "", "CREDS_DATABASE_URL": ""}),
    ],
)
def test_what_is_unsafe_has_to_be_allowed_by_its_name(
    name: str, variable: str, options: dict[str, str]
) -> None:
    others = {
        "debug",
        "test_gateway",
        "console_sms",
        "console_mail",
        "embedded_database",
    } - {name}

    refused(variable, f"ALLOW_UNSAFE={name}", **options)
    refused(variable, **{**options, "ALLOW_UNSAFE": ",".join(sorted(others))})
    assert start("production", **{**options, "ALLOW_UNSAFE": name}).returncode == 0


def test_keys_that_stand_in_the_repository_are_refused() -> None:
    for variable, value in shown("test", "DEVELOPMENT_VALUES")["DEVELOPMENT_VALUES"].items():
        refused(variable, "everybody knows", **{variable: value})
    mixed = (
        f"{SANE['FIELD_ENCRYPTION_KEYS']},{settings.DEVELOPMENT_VALUES['FIELD_ENCRYPTION_KEYS']}"
    )
    refused("FIELD_ENCRYPTION_KEYS", "everybody knows", FIELD_ENCRYPTION_KEYS=mixed)


@pytest.mark.parametrize("variable", ["DATABASE_URL", "CREDS_DATABASE_URL"])
def test_one_database_is_never_embedded_while_the_other_is_not(variable: str) -> None:
    refused(variable, "set both or none", without=variable)


def test_half_a_set_of_keys_names_the_other_half() -> None:
    refused("TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID", without="TWILIO_AUTH_TOKEN")
    refused("AWS_ACCESS_KEY_ID", "S3_BUCKET", S3_BUCKET="files")


def test_an_address_written_for_another_driver_is_understood() -> None:
    url = "postgresql+asyncpg://me:p%40ss@db.example:6432/courtyard?sslmode=require"
    database = shown("production", "DATABASES", DATABASE_URL=url)["DATABASES"]["default"]

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["NAME"] == "courtyard"
    assert (database["USER"], database["PASSWORD"]) == ("me", "p@ss")
    assert (database["HOST"], database["PORT"]) == ("db.example", 6432)
    assert database["OPTIONS"]["sslmode"] == "require"
    assert "lock_timeout=3s" in database["OPTIONS"]["options"]


def test_mail_in_files_lies_where_the_address_says(tmp_path: Path) -> None:
    names = ("EMAIL_BACKEND", "EMAIL_FILE_PATH")

    found = shown("local", *names, EMAIL_URL=f"filemail://{tmp_path}/outbox")

    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert found["EMAIL_FILE_PATH"] == f"{tmp_path}/outbox"


def test_a_pooler_gets_nothing_that_belongs_to_a_session() -> None:
    databases = shown("production", "DATABASES", DATABASE_POOLER="1")["DATABASES"]

    for database in databases.values():
        assert "options" not in database["OPTIONS"]
        assert database["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_a_value_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x" * 60 + "\n")

    done = start("production", "SECRET_KEY", without="SECRET_KEY", SECRET_KEY_FILE=str(secret))

    assert json.loads(done.stdout) == {"SECRET_KEY": "x" * 60}


def test_a_secret_may_begin_with_any_character() -> None:
    key = "$" + "x" * 60

    assert shown("production", "SECRET_KEY", SECRET_KEY=key) == {"SECRET_KEY": key}


def test_the_file_of_settings_yields_to_the_environment_and_never_reaches_the_tests(
    tmp_path: Path,
) -> None:
    file = tmp_path / "settings"
    file.write_text("DEFAULT_CURRENCY=EUR\nDEFAULT_REGION=DE\n")
    changes = {"ENV_FILE": str(file), "DEFAULT_REGION": "FR"}
    names = ("DEFAULT_CURRENCY", "DEFAULT_REGION")

    assert shown("local", *names, **changes) == dict(zip(names, ("EUR", "FR"), strict=True))
    assert shown("test", *names, **changes) == dict(zip(names, ("AED", "FR"), strict=True))


@pytest.mark.parametrize(
    ("kind", "age", "statements"), [("WSGI", 60, "5s"), ("ASGI", 0, "5s"), ("COMMAND", 0, "10min")]
)
def test_each_kind_of_process_has_limits_of_its_own(kind: str, age: int, statements: str) -> None:
    code = (
        "from config.settings import process; "
        f"process.current.kind = process.Kind.{kind}; "
        "from config.settings.local import DATABASES as d; "
        "print(d['default']['CONN_MAX_AGE'], d['default']['OPTIONS']['options'])"
    )
    done = run(["-c", code], {})

    assert done.stdout.split()[0] == str(age), done.stderr
    assert f"statement_timeout={statements} " in done.stdout
    assert "lock_timeout=3s" in done.stdout


def test_every_variable_is_explained_in_the_example() -> None:
    code = (
        "from config.settings import production; "
        "from config.settings.environment import env; print(*env.known)"
    )
    read = set(run(["-c", code], SANE).stdout.split())
    example = (PROJECT / ".env.example").read_text()
    explained = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))

    assert len(read) > 40
    assert read - explained == set()
    assert explained - read == NOT_READ_HERE


def test_every_setting_that_is_used_exists() -> None:
    used = {
        node.attr
        for path in PROJECT.glob("[a-z]*/**/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "settings"
        and re.fullmatch(r"[A-Z][A-Z0-9_]+", node.attr)
    }

    assert len(used) > 20
    assert {name for name in used if not hasattr(settings, name)} == set()
