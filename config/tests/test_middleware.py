"""What every request passes before and after its view."""

from typing import Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import RequestFactory

from accounts.tests.factories.people import UserFactory, sign_in
from config.shared.context import bind, current, ip_prefix
from config.shared.middleware import client_address, hostility

pytestmark = [pytest.mark.urls("config.tests.kernel_urls"), pytest.mark.capability("A06")]


def test_a_request_id_is_made_up_and_said(api):
    first, second = api.get("/api/v1/nowhere/"), api.get("/api/v1/nowhere/")

    assert len(first["X-Request-ID"]) == 32
    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("client.id_1-2", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("short", False),
        ("has a space", False),
        ("line\nbreak", False),
        ("déjà-vu-x", False),
    ],
)
def test_a_request_id_that_was_sent_is_kept_when_it_is_plain(api, sent, kept):
    response = api.get("/api/v1/nowhere/", HTTP_X_REQUEST_ID=sent)

    assert (response["X-Request-ID"] == sent) is kept


def test_answers_of_the_api_are_not_stored(db, api, client):
    listed = api.get("/api/v1/buildings/")
    page = client.get("/docs/problems/conflict/")

    assert listed["Cache-Control"] == "no-store"
    assert "Cache-Control" not in page


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/buildings/?city=a%00b",
        "/api/v1/buildings/?city=%ED%A0%80",
        "/api/v1/buildings/?city=%FF",
        "/api/v1/buildings/?%00=1",
        "/api/v1/buildings/%00/",
        "/api/v1/buildings/%ED%A0%80/",
        "/api/v1/buildings/?city=" + "x" * 9000,
        "/api/v1/" + "x" * 3000 + "/",
    ],
)
def test_a_hostile_address_is_a_problem(api, address):
    response = api.get(address)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "bad_request"


def test_a_hostile_address_of_a_page_is_a_small_page(client):
    response = client.get("/docs/problems/%00/")

    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/html")


def test_an_address_in_any_script_is_no_hostility(db, api):
    response = api.get("/api/v1/buildings/", {"city": "دبي"})

    assert response.status_code == 200


def test_a_path_of_the_asynchronous_server_is_looked_at_in_the_same_way():
    scope: dict[str, Any] = {"type": "http", "method": "GET", "headers": []}

    plain = ASGIRequest({**scope, "path": "/api/v1/", "query_string": b"a=%D8%AF"}, None)
    surrogate = ASGIRequest({**scope, "path": "/api/\ud800/", "query_string": b""}, None)

    assert hostility(plain) is None
    assert hostility(surrogate) == "The path has characters that cannot be stored."


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("unix:", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_remembered_without_its_end(address, prefix):
    assert ip_prefix(address) == prefix


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "198.51.100.1", "192.0.2.9"),
        (None, "198.51.100.1", "192.0.2.9"),
        (1, "", "192.0.2.9"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (5, "198.51.100.1, 10.0.0.1", "198.51.100.1"),
    ],
)
def test_what_a_client_writes_about_its_address_is_not_believed(
    settings, proxies, forwarded, found
):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.9", headers={"X-Forwarded-For": forwarded}
    )

    assert client_address(request) == found


def test_the_context_names_who_acts_and_is_gone_afterwards(db, api, monkeypatch):
    person = UserFactory()
    sign_in(api, person)
    seen = []
    monkeypatch.setattr(
        "config.tests.kernel_views.HalfwayView.get",
        lambda view, request: seen.append(current()) or view.answer(status=204),
    )

    response = api.get("/api/v1/halfway/", REMOTE_ADDR="203.0.113.77")

    assert response.status_code == 204
    assert [(context.actor, context.ip_prefix) for context in seen] == [(person, "203.0.113.0/24")]
    assert seen[0].request_id == response["X-Request-ID"]
    assert (current().actor, current().request_id) == (None, "")


def test_what_is_bound_ends_with_its_block():
    with bind(request_id="outer-id"):
        with bind(actor="somebody"):
            inside = current()
        after = current()

    assert (inside.request_id, inside.actor) == ("outer-id", "somebody")
    assert (after.request_id, after.actor) == ("outer-id", None)
