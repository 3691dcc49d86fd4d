"""What Courtyard refuses to start with: each refusal, and beside it what is let through."""

import uuid
from importlib import metadata
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import CheckMessage
from django.core.management import call_command
from pytest_django.fixtures import Settings
from rest_framework import serializers

from config import checks
from config.settings.process import Kind, current
from config.tests.production import SANE, run

EMBEDDED = "config.embedded_postgres"


def numbers(found: list[CheckMessage]) -> set[str]:
    return {str(message.id).removeprefix("courtyard.") for message in found}


def test_these_settings_are_let_through() -> None:
    assert checks.check_start() == []
    checks.refuse_unsafe_start()


@pytest.mark.parametrize(
    ("number", "change"),
    [
        ("E002", {"REST_FRAMEWORK": {"NUM_PROXIES": None}}),
        ("E002", {"REST_FRAMEWORK": {}}),
        ("E003", {"DEBUG": True, "ALLOWED_HOSTS": ["courtyard.example"]}),
        ("E003", {"DEBUG": True, "ALLOWED_HOSTS": ["localhost", "192.0.2.1"]}),
        ("E004", {"JWT_SIGNING_KEY": "the same", "SECRET_KEY": "the same"}),
        ("E004", {"JWT_VERIFYING_KEYS": ["the same"], "SECRET_KEY_FALLBACKS": ["the same"]}),
        ("E004", {"CODE_PEPPERS": {"a": "the same"}, "SECRET_KEY": "the same"}),
        ("E005", {"ALLOWED_HOSTS": ["*"]}),
        ("E006", {"PUBLIC_BASE_URL": ""}),
        ("E014", {"USE_X_FORWARDED_HOST": True}),
    ],
)
def test_no_process_starts_with_it(settings: Settings, number: str, change: dict[str, Any]) -> None:
    for name, value in change.items():
        setattr(settings, name, value)

    assert numbers(checks.check_start()) == {number}
    with pytest.raises(SystemExit, match=f"Courtyard cannot start: .*{number}"):
        checks.refuse_unsafe_start()


@pytest.mark.parametrize(
    "change",
    [
        {"DEBUG": True, "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]", ".localhost"]},
        {
            "DEBUG": True,
            "ALLOWED_HOSTS": ["courtyard.example"],
            "ALLOW_UNSAFE": frozenset({"debug"}),
        },
        {"ALLOWED_HOSTS": ["courtyard.example"]},
        {"REST_FRAMEWORK": {"NUM_PROXIES": 0}},
    ],
)
def test_what_is_near_a_refusal_but_safe_is_let_through(
    settings: Settings, change: dict[str, Any]
) -> None:
    for name, value in change.items():
        setattr(settings, name, value)

    assert checks.check_start() == []


@pytest.mark.parametrize("alias", ["default", "credentials"])
def test_a_request_is_never_one_transaction(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, alias: str
) -> None:
    monkeypatch.setitem(settings.DATABASES[alias], "ATOMIC_REQUESTS", True)

    assert numbers(checks.check_start()) == {"E001"}


@pytest.mark.parametrize(
    ("kind", "age", "found"),
    [
        (Kind.ASGI, 60, {"E010"}),
        (Kind.ASGI, None, {"E010"}),
        (Kind.ASGI, 0, set()),
        (Kind.WSGI, 60, set()),
    ],
)
def test_connections_are_not_kept_under_asgi(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    kind: Kind,
    age: int | None,
    found: set[str],
) -> None:
    monkeypatch.setattr(current, "kind", kind)
    monkeypatch.setitem(settings.DATABASES["default"], "CONN_MAX_AGE", age)

    assert numbers(checks.check_start()) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"DATABASE_POOLER": True}, {"E017"}),
        ({"DATABASE_POOLER": True, "REALTIME_DATABASE": {"NAME": "courtyard"}}, set()),
        ({"DATABASE_POOLER": True, "REDIS_URL": "redis://127.0.0.1:1/0"}, set()),
    ],
)
def test_sockets_need_a_way_past_a_pooler(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    found: set[str],
) -> None:
    monkeypatch.setattr(current, "kind", Kind.ASGI)
    monkeypatch.setitem(settings.DATABASES["default"], "CONN_MAX_AGE", 0)
    for name, value in changes.items():
        setattr(settings, name, value)

    assert numbers(checks.check_start()) == found


@pytest.mark.parametrize(
    ("name", "version", "found"),
    [
        ("django", "5.2.18", {"E009"}),
        ("django", "5.2.19", set()),
        ("django", "6.0a1", set()),
        ("pyjwt", "2.11.9", {"E009"}),
        ("pyjwt", "2.12.0+local", set()),
    ],
)
def test_versions_with_known_holes_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, version: str, found: set[str]
) -> None:
    real = metadata.version
    monkeypatch.setattr(
        checks.metadata, "version", lambda each: version if each == name else real(each)
    )

    assert numbers(checks.check_start()) == found


def test_the_blacklist_of_simplejwt_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {"rest_framework_simplejwt.token_blacklist"}
    monkeypatch.setattr(checks.apps, "is_installed", installed.__contains__)

    assert numbers(checks.check_start()) == {"E008"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, set()),
        ({"PUBLIC_BASE_URL": "http://courtyard.example"}, {"E015"}),
        ({"SECRET_KEY": checks.DEVELOPMENT_VALUES["SECRET_KEY"]}, {"E011"}),
        ({"FIELD_ENCRYPTION_KEYS": [checks.DEVELOPMENT_VALUES["FIELD_ENCRYPTION_KEYS"]]}, {"E011"}),
        ({"CODE_PEPPERS": {"dev": checks.DEVELOPMENT_VALUES["CODE_PEPPERS"][4:]}}, {"E011"}),
    ],
)
def test_a_deployment_is_not_what_a_developer_has(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
    found: set[str],
) -> None:
    for database in settings.DATABASES.values():
        monkeypatch.setitem(database, "ENGINE", "django.db.backends.postgresql")
    sane = {
        "PUBLIC_BASE_URL": SANE["PUBLIC_BASE_URL"],
        "SECRET_KEY": SANE["SECRET_KEY"],
        "JWT_SIGNING_KEY": SANE["JWT_SIGNING_KEY"],
        "FIELD_ENCRYPTION_KEYS": [SANE["FIELD_ENCRYPTION_KEYS"]],
        "CODE_PEPPERS": {"2026": "a-pepper"},
    }
    for name, value in {**sane, **change}.items():
        setattr(settings, name, value)

    assert numbers(checks.check_deployment()) == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"DEBUG": False}, {"E007"}),
        ({"DEBUG": True}, set()),
        ({"ALLOW_UNSAFE": frozenset({"embedded_database"})}, set()),
        ({"ALLOW_UNSAFE": frozenset({"console_sms"})}, {"E007"}),
    ],
)
def test_the_embedded_database_serves_nobody_else(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
    found: set[str],
) -> None:
    monkeypatch.setitem(settings.DATABASES["credentials"], "ENGINE", EMBEDDED)
    for name, value in change.items():
        setattr(settings, name, value)

    assert numbers(checks.check_deployment()) & {"E007"} == found


@pytest.mark.django_db
def test_accounts_of_the_demo_are_found_in_a_real_database() -> None:
    people = apps.get_model("accounts", "User")._default_manager
    people.create(id=uuid.uuid4(), email="someone@courtyard.example", full_name="A. Neighbour")
    assert checks.check_demo_accounts(databases=["default"]) == []

    people.create(id=uuid.uuid4(), email="Admin@Demo.Courtyard.Example", full_name="The Demo")

    found = checks.check_demo_accounts(databases=["default"])
    assert numbers(found) == {"E012"}
    assert found[0].msg.startswith("1 accounts of the demo")
    assert checks.check_demo_accounts(databases=None) == []


def test_serializers_name_their_fields() -> None:
    assert checks.check_serializers() == []

    for options in ({"fields": "__all__"}, {"exclude": ["id"]}):
        meta = type("Meta", (), options)
        sweeping = type("Sweeping", (serializers.ModelSerializer,), {"Meta": meta})
        assert checks.takes_all_fields(sweeping)
        assert sweeping in set(checks.descendants(serializers.ModelSerializer))
    exact = type("Meta", (), {"fields": ["id"]})
    assert not checks.takes_all_fields(type("Exact", (), {"Meta": exact}))


def test_a_deployment_check_of_production_is_clean() -> None:
    done = run(["manage.py", "check", "--deploy", "--fail-level=INFO"], production())

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


def test_a_deployment_check_refuses_what_is_not_safe() -> None:
    unsafe = production() | {"PUBLIC_BASE_URL": "http://courtyard.example", "ALLOWED_HOSTS": "*"}

    done = run(["manage.py", "check", "--deploy"], unsafe)

    assert done.returncode == 1
    assert "courtyard.E005" in done.stderr
    assert "courtyard.E015" in done.stderr


@pytest.mark.parametrize("server", ["wsgi", "asgi"])
def test_a_web_server_stops_with_one_sentence(server: str) -> None:
    command = ["-W", "ignore", "-c", f"import config.{server}"]

    refused = run(command, production() | {"ALLOWED_HOSTS": "*"})

    assert refused.returncode == 1
    assert (
        refused.stderr
        == "Courtyard cannot start: ALLOWED_HOSTS allows every host (courtyard.E005).\n"
    )
    assert run(command, production()).returncode == 0


def production() -> dict[str, str]:
    return SANE | {"DJANGO_SETTINGS_MODULE": "config.settings.production"}


def test_checks_run_with_the_others() -> None:
    call_command("check", "--tag", "security", verbosity=0)
