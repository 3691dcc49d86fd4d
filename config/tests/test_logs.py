"""Logs are JSON lines, and no secret is ever in one."""

import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from config.shared import context, logs, sentry
from config.shared.redaction import REDACTED, is_secret_name, redact, redact_text
from config.urls import urlpatterns as real_urlpatterns

Lines = Callable[[], list[dict[str, Any]]]

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkzIn0.c2lnbmF0dXJlLW9mLWl0"
SECRETS = [
    f"Authorization: Bearer {JWT}",
    f"got {JWT} from the client",
    "password=correct-horse-battery",
    '{"password": "correct-horse-battery", "x": 1}',
    "new_password: correct-horse-battery",
    "Your code is 482913.",
    "code: 482913",
    "otp=482913",
    "refresh_token='correct-horse-battery'",
    "https://courtyard.example/reset/?uid=1&token=correct-horse-battery",
    "postgresql://courtyard:correct-horse-battery@db:5432/courtyard",
    "key sk_live_correcthorsebattery",
    "argon2$argon2id$v=19$m=19456,t=2,p=1$correct-horse-battery$abc",
    "Emirates ID 784-1990-1234567-1",
    "784199012345671",
    "duplicate key\nDETAIL:  Key (email)=(correct-horse-battery) already exists.",
]


def explode(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("password=correct-horse-battery")


urlpatterns = [*real_urlpatterns, path("explode/", explode)]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Whatever is logged meanwhile, as the objects that stand on the lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.getLogger().handlers[0].formatter)
    root = logging.getLogger()
    level = root.level
    formatters = [found for found in root.handlers if is_ours(found)]
    handler.setFormatter(formatters[0].formatter)
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def is_ours(handler: logging.Handler) -> bool:
    return isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)


def request_lines(lines: Lines) -> list[dict[str, Any]]:
    return [line for line in lines() if line["logger"] == "courtyard.request"]


@pytest.mark.django_db
def test_each_request_leaves_one_line_that_says_who_what_and_how_long(
    client: Client, lines: Lines
) -> None:
    response = client.get("/?token=correct-horse-battery", headers={"X-Request-ID": "abcd-1234"})

    assert response.status_code == 200
    [line] = request_lines(lines)
    assert line["event"] == "request"
    assert line["level"] == "info"
    assert line["method"] == "GET"
    assert line["path"] == "/"
    assert line["route"] == "/"
    assert line["status"] == 200
    assert line["queries"] == 0
    assert line["user_id"] is None
    assert line["request_id"] == "abcd-1234"
    assert line["duration_ms"] >= 0
    assert line["timestamp"].endswith("Z")


@pytest.mark.django_db
def test_queries_on_both_databases_are_counted(client: Client, lines: Lines) -> None:
    client.get("/health/ready/")

    [line] = request_lines(lines)
    assert line["route"] == "health/ready/"
    assert line["level"] == "debug"
    assert line["queries"] >= 2
    assert line["database_ms"] > 0


def test_an_unknown_address_is_one_route(client: Client, lines: Lines) -> None:
    response = client.get("/nothing/here/")

    assert response.status_code == 404
    assert len(lines()) == 1
    assert [line["route"] for line in request_lines(lines)] == ["unmatched"]


@pytest.mark.urls("config.tests.test_logs")
def test_a_crash_is_logged_as_an_error_without_what_was_secret_in_it(
    client: Client, lines: Lines
) -> None:
    client.raise_request_exception = False

    response = client.get("/explode/")

    assert response.status_code == 500
    found = lines()
    assert {line["level"] for line in found if line.get("path") == "/explode/"} == {"error"}
    [traceback] = [line["exception"] for line in found if "exception" in line]
    assert "RuntimeError" in traceback
    assert "correct-horse-battery" not in json.dumps(found)


def test_the_person_of_the_context_is_named_on_every_line(lines: Lines) -> None:
    class Person:
        pk = "0193"

    with context.bind(request_id="abcd-1234", actor=Person()):
        logging.getLogger("anything").warning("said %s", "something")

    [line] = lines()
    assert line["event"] == "said something"
    assert line["logger"] == "anything"
    assert line["request_id"] == "abcd-1234"
    assert line["user_id"] == "0193"


@pytest.mark.parametrize("text", SECRETS)
def test_what_looks_secret_is_taken_out_of_any_text(text: str, lines: Lines) -> None:
    logging.getLogger("anything").warning("failed: %s", text)
    structlog.get_logger("anything").warning("failed", said=text, nested={"deep": [text]})

    written = json.dumps(lines())
    for secret in ("correct-horse-battery", "482913", "c2lnbmF0dXJl", "1234567", "correcthorse"):
        assert secret not in written
    assert REDACTED in written


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "new_password",
        "access_token",
        "refreshToken",
        "Authorization",
        "HTTP_COOKIE",
        "totp_secret",
        "backup_codes",
        "emirates_id_number",
        "SECRET_KEY",
        "code_mac",
    ],
)
def test_a_secret_name_hides_its_value(name: str) -> None:
    assert is_secret_name(name)
    assert redact({name: "x"}) == {name: REDACTED}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"status": 409, "code": "already_claimed"}, {"status": 409, "code": "already_claimed"}),
        ({"code": "482913"}, {"code": REDACTED}),
        ({"token_version": 3, "count": 12}, {"token_version": 3, "count": 12}),
        ("took 123456 ms for 7 rows", "took 123456 ms for 7 rows"),
        ("sent to +971501234567", "sent to +…67"),
        ("sent to amal@example.com", "sent to …@example.com"),
        ({"password": ""}, {"password": ""}),
    ],
)
def test_what_is_harmless_stays_readable(value: Any, expected: Any) -> None:
    assert redact(value) == expected


def test_deep_long_and_strange_values_are_cut_instead_of_failing() -> None:
    deep: dict[str, Any] = {}
    deep["again"] = deep

    assert REDACTED in json.dumps(redact(deep))
    assert len(redact_text("x" * 50_000)) == 20_000
    assert len(redact(list(range(500)))) == 100


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "eyJ-",
        "/",
        "?",
        "?a=",
        "\n",
        "\n ",
        "a@",
        "a.",
        "password",
        "bearer ",
        "argon2",
        "+1",
        "-",
    ],
)
def test_no_text_is_slow_to_search(text: str) -> None:
    started = time.process_time()

    redact_text(text * 20_000)

    assert time.process_time() - started < 1


def test_the_console_format_is_redacted_too(capsys: pytest.CaptureFixture[str]) -> None:
    renderer = structlog.dev.ConsoleRenderer(colors=False)
    event = logs.remove_secrets(None, "", {"event": "signed in", "password": "correct-horse"})

    line = renderer(None, "", event)

    assert "signed in" in line
    assert "correct-horse" not in line


def test_an_error_report_carries_neither_bodies_nor_people() -> None:
    event = {
        "request": {
            "url": "https://courtyard.example/reset/?token=correct-horse-battery",
            "data": {"password": "correct-horse-battery"},
            "cookies": {"sessionid": "correct-horse-battery"},
            "query_string": "token=correct-horse-battery",
            "headers": {"Authorization": f"Bearer {JWT}", "Accept": "text/html"},
        },
        "user": {"id": "0193", "email": "amal@example.com", "ip_address": "10.1.2.3"},
        "exception": {"values": [{"type": "ValueError", "value": "code 482913"}]},
    }

    sent = sentry.scrub(event, None)

    written = json.dumps(sent)
    for secret in ("correct-horse-battery", "eyJ", "amal", "10.1.2.3", "482913"):
        assert secret not in written
    assert sent["user"] == {"id": "0193"}
    assert sent["request"]["headers"]["Accept"] == "text/html"


def test_the_log_line_of_a_lazy_person_asks_no_database() -> None:
    from django.utils.functional import SimpleLazyObject

    from config.shared.observation import user_id_of

    def refuse() -> None:
        raise AssertionError("the database was asked")

    request = RequestFactory().get("/")
    request.user = SimpleLazyObject(refuse)  # type: ignore[assignment]

    assert user_id_of(request) is None
