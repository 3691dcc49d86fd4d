"""What load balancers, monitors and staff are told about the site's health."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from rest_framework.test import APIClient

from accounts.tests.factories.people import UserFactory, sign_in
from config.shared import health
from config.shared.version import VERSION
from config.tests.outages import database_down

pytestmark = pytest.mark.django_db

NAMES = ["default", "credentials", "jobs", "cache", "storage", "realtime"]


@pytest.fixture(autouse=True)
def fresh_report() -> Iterator[None]:
    health.forget()
    yield
    health.forget()


def insert_job(*, status: str = "todo", minutes_ago: int = 0, queue: str = "default") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) "
            "VALUES (%s, 'accounts.sample', '{}', 'todo') RETURNING id",
            [queue],
        )
        [key] = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - make_interval(mins => %s) WHERE job_id = %s",
            [minutes_ago, key],
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s::text::procrastinate_job_status "
            "WHERE id = %s",
            [status, key],
        )


def test_all_is_well(client: Client) -> None:
    response = client.get("/api/v1/health/")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    document = response.json()
    assert document["status"] == "ok"
    assert document["name"] == "Courtyard"
    assert document["version"] == VERSION
    assert datetime.fromisoformat(document["time"]).tzinfo is not None
    assert document["checks"] == {name: {"state": "ok"} for name in NAMES}
    assert "versions" not in document


def test_the_token_shows_the_details(client: Client, settings: LazySettings) -> None:
    settings.HEALTH_TOKEN = "a-token-for-the-monitor"
    insert_job(minutes_ago=2)
    insert_job(status="failed", queue="mail")

    response = client.get(
        "/api/v1/health/", headers={"Authorization": "Bearer a-token-for-the-monitor"}
    )

    document = response.json()
    assert set(document["versions"]) == {"courtyard", "django", "python"}
    assert document["checks"]["default"]["server"].startswith("1")
    assert document["checks"]["credentials"]["milliseconds"] >= 0
    jobs = document["checks"]["jobs"]
    assert (jobs["waiting"], jobs["running"], jobs["failed"], jobs["workers"]) == (1, 0, 1, 0)
    assert 120 <= jobs["oldest_seconds"] < 180
    assert document["checks"]["storage"]["free_bytes"] > 0


@pytest.mark.parametrize("authorization", ["Bearer wrong", "Bearer ", "Basic a-token", ""])
def test_anything_else_shows_states_only(
    client: Client, settings: LazySettings, authorization: str
) -> None:
    settings.HEALTH_TOKEN = "a-token-for-the-monitor"

    response = client.get("/api/v1/health/", headers={"Authorization": authorization})

    assert response.status_code == 200
    assert response.json()["checks"]["default"] == {"state": "ok"}


def test_without_a_token_in_the_settings_an_empty_one_opens_nothing(
    client: Client, settings: LazySettings
) -> None:
    settings.HEALTH_TOKEN = ""

    response = client.get("/api/v1/health/", headers={"Authorization": "Bearer "})

    assert response.json()["checks"]["default"] == {"state": "ok"}


@pytest.mark.parametrize(("is_staff", "sees_details"), [(True, True), (False, False)])
def test_the_session_of_staff_shows_the_details(
    client: Client, is_staff: bool, sees_details: bool
) -> None:
    client.force_login(UserFactory(is_staff=is_staff))

    document = client.get("/api/v1/health/").json()

    assert ("versions" in document) is sees_details


@pytest.mark.parametrize(("is_staff", "sees_details"), [(True, True), (False, False)])
def test_the_access_token_of_staff_shows_the_details(
    api: APIClient, is_staff: bool, sees_details: bool
) -> None:
    sign_in(api, UserFactory(is_staff=is_staff))

    document = api.get("/api/v1/health/").json()

    assert ("versions" in document) is sees_details


def test_without_the_default_database_nobody_can_be_served(client: Client) -> None:
    with database_down("default"):
        response = client.get("/api/v1/health/")

    assert response.status_code == 503
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Retry-After"] == "5"
    document = response.json()
    assert document["code"] == "unavailable"
    assert document["checks"]["default"] == {"state": "down"}
    assert document["checks"]["credentials"] == {"state": "ok"}
    assert document["checks"]["jobs"] == {"state": "down"}


def test_without_the_credentials_database_the_site_is_degraded(client: Client) -> None:
    with database_down("credentials"):
        response = client.get("/api/v1/health/")

    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["checks"]["credentials"] == {"state": "down"}


def test_jobs_that_wait_too_long_degrade_the_site(client: Client, settings: LazySettings) -> None:
    settings.HEALTH_JOBS_MAX_AGE_SECONDS = 300
    insert_job(minutes_ago=6)

    document = client.get("/api/v1/health/").json()

    assert document["status"] == "degraded"
    assert document["checks"]["jobs"] == {"state": "degraded"}


def test_a_job_for_later_does_not_wait(client: Client) -> None:
    insert_job(minutes_ago=60)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'")

    assert health.look_at_jobs()[0] == "ok"
    assert health.look_at_jobs()[1]["waiting"] == 0


def test_a_file_store_that_cannot_be_written_is_down(
    client: Client, settings: LazySettings, tmp_path: Any
) -> None:
    occupied = tmp_path / "media"
    occupied.write_text("a file where the folder should be")
    settings.MEDIA_ROOT = occupied

    assert storages["default"].path("") == str(occupied)
    document = client.get("/api/v1/health/").json()

    assert document["status"] == "degraded"
    assert document["checks"]["storage"] == {"state": "down"}


def test_asking_often_costs_one_look(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/api/v1/health/")

    with django_assert_num_queries(0):
        response = client.get("/api/v1/health/")

    assert response.json()["status"] == "ok"


@pytest.mark.parametrize("path", ["/health/ready/", "/api/v1/health/ready/"])
def test_ready_means_that_both_databases_are_migrated(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    migrated = {"state": "ok", "missing_migrations": 0}
    assert response.json() == {
        "status": "ok",
        "databases": {"default": migrated, "credentials": migrated},
    }


@pytest.mark.parametrize("alias", ["default", "credentials"])
def test_ready_reports_each_database_apart(client: Client, alias: str) -> None:
    with database_down(alias):
        response = client.get("/health/ready/")

    assert response.status_code == 503
    states = {name: found["state"] for name, found in response.json()["databases"].items()}
    assert states == {"default": "ok", "credentials": "ok"} | {alias: "down"}


def test_a_missing_migration_is_not_ready(client: Client) -> None:
    first = min(
        name
        for app, name in MigrationRecorder(connection).applied_migrations()
        if app == "accounts"
    )
    MigrationRecorder(connection).record_unapplied("accounts", first)

    response = client.get("/health/ready/")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.json()["databases"]["default"] == {"state": "down", "missing_migrations": 1}
    assert response.json()["databases"]["credentials"]["state"] == "ok"
    assert health.unapplied_migrations("default") == [f"accounts.{first}"]


@pytest.mark.parametrize("path", ["/health/live/", "/api/v1/health/live/"])
def test_live_touches_nothing(client: Client, path: str) -> None:
    with database_down("default"), database_down("credentials"):
        response = client.get(path)

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_no_detail_names_a_host_a_user_or_a_password() -> None:
    with database_down("default"), database_down("credentials"):
        written = json.dumps(health.take_report().as_dict(details=True))

    for secret in ("127.0.0.1", "postgres", "connection to server"):
        assert secret not in written.lower()
