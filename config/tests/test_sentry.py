"""Error reports are sent when somebody wants them, and carry no secrets."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli
import pytest

PROGRAM = """
import django
django.setup()
from django.test import Client
from django.urls import path
from django.test.utils import override_settings
import sentry_sdk
import types, sys

def explode(request):
    code_of_amal = "482913"
    raise RuntimeError("password=correct-horse-battery for amal@example.com")

urls = types.ModuleType("urls")
urls.urlpatterns = [path("explode/", explode)]
sys.modules["urls"] = urls
with override_settings(ROOT_URLCONF="urls"):
    client = Client(raise_request_exception=False)
    client.cookies["remembered"] = "correct-horse-battery"
    response = client.post(
        "/explode/?token=correct-horse-battery",
        data={"password": "correct-horse-battery"},
        content_type="application/json",
        headers={"Authorization": "Bearer correct-horse-battery"},
    )
assert response.status_code == 500
sentry_sdk.flush(timeout=10)
"""


class Collector(BaseHTTPRequestHandler):
    """Stands in for Sentry: keeps every envelope that arrives."""

    envelopes: list[str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(
            self.headers.get("Content-Encoding", ""), bytes
        )
        self.envelopes.append(unpack(body).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def collector() -> Iterator[tuple[str, list[str]]]:
    envelopes: list[str] = []
    handler = type("Handler", (Collector,), {"envelopes": envelopes})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", envelopes
    server.shutdown()
    thread.join()
    server.server_close()


def run(dsn: str) -> None:
    environment = {**os.environ, "SENTRY_DSN": dsn, "SENTRY_ENVIRONMENT": "trial"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def test_a_crash_is_reported_without_secrets(collector: tuple[str, list[str]]) -> None:
    dsn, envelopes = collector

    run(dsn)

    written = "".join(envelopes)
    for secret in ("correct-horse-battery", "482913", "amal@"):
        assert secret not in written
    events = [json.loads(line) for line in written.splitlines() if '"exception"' in line]
    [error] = [event["exception"]["values"][-1] for event in events]
    assert error["type"] == "RuntimeError"
    assert error["value"] == "password=[redacted] for …@example.com"
    assert events[0]["environment"] == "trial"
    assert events[0]["release"] == "0.3.0"


def test_without_an_address_the_kit_is_not_even_loaded() -> None:
    program = "import sys, django; django.setup(); print('sentry_sdk' in sys.modules)"
    environment = {**os.environ, "SENTRY_DSN": ""}

    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stdout.strip() == "False"
