"""The figures that Prometheus collects."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from config.shared import metrics
from config.tests.outages import database_down
from config.tests.test_health import insert_job

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-the-collector"


@pytest.fixture(autouse=True)
def token(settings: LazySettings) -> None:
    settings.METRICS_TOKEN = TOKEN


def figures(client: Client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    return parsed(response.content.decode())


def parsed(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def key(name: str, **labels: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return name, tuple(sorted(labels.items()))


def test_without_a_token_in_the_settings_there_are_no_figures(
    client: Client, settings: LazySettings
) -> None:
    settings.METRICS_TOKEN = ""

    response = client.get("/metrics", headers={"Authorization": "Bearer "})

    assert response.status_code == 404


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Bearer", f"Basic {TOKEN}"])
def test_without_the_right_token_nothing_is_told(client: Client, authorization: str) -> None:
    response = client.get("/metrics", headers={"Authorization": authorization})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="metrics"'
    assert response.content == b""


def test_requests_are_counted_by_route_and_status(client: Client) -> None:
    home = key("courtyard_http_requests_total", method="GET", route="/", status="200")
    lost = key("courtyard_http_requests_total", method="GET", route="unmatched", status="404")
    ready = key("courtyard_http_request_seconds_count", method="GET", route="health/ready/")
    before = figures(client)

    client.get("/")
    client.get("/nothing/one/")
    client.get("/nothing/two/")
    client.get("/health/ready/")

    after = figures(client)
    assert after[home] - before.get(home, 0) == 1
    assert after[lost] - before.get(lost, 0) == 2
    assert after[ready] - before.get(ready, 0) == 1


def test_all_static_files_are_one_route(client: Client) -> None:
    static = key("courtyard_http_requests_total", method="GET", route="static", status="200")
    before = figures(client).get(static, 0)

    client.get("/static/courtyard/pages.css").close()

    assert figures(client)[static] - before == 1


def test_an_invented_method_is_no_series_of_its_own(client: Client) -> None:
    client.generic("BREW", "/")

    methods = {dict(labels).get("method") for _, labels in figures(client)}
    assert "other" in methods
    assert "BREW" not in methods


def test_time_and_statements_are_counted_by_database(client: Client) -> None:
    queries = key("courtyard_database_queries_total", database="credentials", route="health/ready/")
    seconds = key("courtyard_database_seconds_total", database="credentials", route="health/ready/")
    before = figures(client)

    client.get("/health/ready/")

    after = figures(client)
    assert after[queries] > before.get(queries, 0)
    assert after[seconds] > before.get(seconds, 0)


def test_outcomes_are_counted(client: Client) -> None:
    wrong = key("courtyard_outcomes_total", of="codes", outcome="wrong")
    before = figures(client).get(wrong, 0)

    metrics.count("codes", "wrong")
    metrics.count("codes", "wrong")

    assert figures(client)[wrong] - before == 2


def test_the_job_queue_is_looked_at_when_asked(client: Client) -> None:
    insert_job(minutes_ago=3)
    insert_job()
    insert_job(status="failed")
    insert_job(status="doing", queue="mail")

    found = figures(client)

    assert found[key("courtyard_jobs_waiting", queue="default")] == 2
    assert found[key("courtyard_jobs_failed", queue="default")] == 1
    assert found[key("courtyard_jobs_running", queue="mail")] == 1
    assert found[key("courtyard_jobs_waiting", queue="mail")] == 0
    assert 180 <= found[key("courtyard_jobs_oldest_seconds", queue="default")] < 240


def test_the_other_figures_survive_a_database_that_is_down(client: Client) -> None:
    with database_down("default"):
        found = figures(client)

    assert not [name for name, _ in found if name.startswith("courtyard_jobs_waiting")]
    assert [name for name, _ in found if name == "courtyard_http_requests_total"]


def test_several_processes_answer_for_each_other(tmp_path: Path) -> None:
    count = "from config.shared import metrics; metrics.count('claims', 'won')"
    tell = (
        "from prometheus_client import CollectorRegistry, generate_latest\n"
        "from prometheus_client.multiprocess import MultiProcessCollector\n"
        "from unittest.mock import patch\n"
        "from config.shared import job_queue, metrics\n"
        "with patch.object(job_queue, 'queues', list):\n"
        "    print(metrics.exposition().decode())\n"
    )

    for _ in range(2):
        run(count, tmp_path)

    found = parsed(run(tell, tmp_path))
    assert found[key("courtyard_outcomes_total", of="claims", outcome="won")] == 2


def run(code: str, shared: Path) -> str:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(shared)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout
