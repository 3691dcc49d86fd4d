"""Every error of the API is a problem document, whoever raised it."""

import logging
from typing import Any

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from accounts.models import Building
from accounts.tests.factories.people import UserFactory, sign_in

pytestmark = [pytest.mark.urls("config.tests.kernel_urls"), pytest.mark.capability("A06", "R32")]

SURVEYS = "/api/v1/surveys/"


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """Assert that ``response`` is a whole problem document and return it."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert {key: body[key] for key in ("type", "status", "code")} == {
        "type": f"/docs/problems/{code}",
        "status": status,
        "code": code,
    }
    assert body["request_id"] == response["X-Request-ID"]
    assert body["title"]
    assert body["detail"]
    return body


def test_an_unknown_path_is_a_problem(api):
    response = api.get("/api/v1/nowhere/at/all/")

    body = problem(response, 404, "not_found")
    assert body["detail"] == "There is nothing at this path."


@override_settings(DEBUG=True)
def test_a_developer_sees_problems_instead_of_django_pages_too(api):
    missing = api.get("/api/v1/nowhere/")
    api.raise_request_exception = False
    fault = api.get("/api/v1/trouble/fault/")

    problem(missing, 404, "not_found")
    problem(fault, 500, "server_error")


def test_a_malformed_identifier_is_not_found(api):
    response = api.get("/api/v1/buildings/17/")

    problem(response, 404, "not_found")


def test_an_identifier_of_nothing_does_not_name_the_model(db, api):
    response = api.get("/api/v1/buildings/019a9f3c-7d2e-7b41-8c5f-2f6a1d3e4b5c/")

    body = problem(response, 404, "not_found")
    assert body["detail"] == "Not found."


def test_a_get_without_the_last_slash_is_redirected_and_a_post_is_not(api):
    read = api.get("/api/v1/surveys?a=1")
    written = api.post("/api/v1/surveys", {"title": "x"})

    assert read.status_code == 301
    assert read["Location"] == "/api/v1/surveys/?a=1"
    body = problem(written, 404, "not_found")
    assert body["detail"] == "Paths of this API end in a slash."


def test_a_wrong_method_names_the_right_ones(api):
    response = api.delete(SURVEYS)

    problem(response, 405, "method_not_allowed")
    assert response["Allow"] == "POST"


def test_an_unacceptable_answer_is_a_problem(api):
    response = api.post(SURVEYS, {}, HTTP_ACCEPT="image/png")

    problem(response, 406, "not_acceptable")


def test_a_wrong_content_type_is_a_problem(api):
    response = api.post(SURVEYS, "<a/>", content_type="text/xml")

    problem(response, 415, "unsupported_media_type")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=200)
def test_a_body_beyond_the_limit_is_a_problem(api):
    response = api.post(SURVEYS, {"title": "x" * 300})

    problem(response, 413, "too_large")


def test_who_is_not_signed_in_is_told_how(db, api):
    nobody = api.post("/api/v1/buildings/", {})
    api.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
    impostor = api.post("/api/v1/buildings/", {})

    problem(nobody, 401, "not_authenticated")
    assert nobody["WWW-Authenticate"] == 'Bearer realm="courtyard"'
    assert impostor.status_code == 401
    assert impostor["WWW-Authenticate"] == 'Bearer realm="courtyard", error="invalid_token"'


def test_who_may_not_is_forbidden(db, api):
    sign_in(api, UserFactory())

    response = api.get("/api/v1/staff/curtain/")

    problem(response, 403, "not_allowed")


def test_an_unverified_person_is_told_to_verify_first(db, api):
    sign_in(api, UserFactory(unverified=True))

    refused = api.post("/api/v1/buildings/", {"name": "x", "city": "y"})
    halfway = api.get("/api/v1/halfway/")

    problem(refused, 403, "verification_required")
    assert halfway.json() == {"count": 17}
    assert Building.objects.count() == 0


def test_a_fault_tells_nothing_but_the_request_id_and_is_logged(db, api, caplog):
    api.raise_request_exception = False

    with caplog.at_level(logging.ERROR, "django.request"):
        response = api.get("/api/v1/trouble/fault/", HTTP_X_REQUEST_ID="abcdefgh-123")

    body = problem(response, 500, "server_error")
    assert body["request_id"] == "abcdefgh-123"
    assert b"secret" not in response.content
    faults = [record.exc_info for record in caplog.records if record.name == "django.request"]
    assert [str(fault[1]) for fault in faults if fault] == ["a secret detail"]


@pytest.mark.parametrize(
    ("kind", "status", "code", "more"),
    [
        ("missing", 404, "not_found", {"detail": "Not found."}),
        (
            "transition",
            409,
            "invalid_transition",
            {"current": "held", "allowed": ["cancelled", "confirmed"]},
        ),
        ("claimed", 409, "already_claimed", {"frees_at": "2026-11-21T10:00:00Z"}),
        ("check", 409, "floors_range", {"detail": "A building has 1 to 300 floors."}),
        ("unique", 409, "building_exists", {"detail": "This building is listed already."}),
        ("null", 400, "invalid", {}),
        ("range", 400, "out_of_range", {}),
        ("nul", 400, "out_of_range", {}),
        (
            "service-input",
            400,
            "invalid",
            {
                "errors": [
                    {
                        "pointer": "/rooms/0/area",
                        "code": "too_small",
                        "detail": "Rooms have at least 1 m².",
                    }
                ]
            },
        ),
    ],
)
def test_a_refusal_keeps_its_code(db, api, kind, status, code, more):
    response = api.post(f"/api/v1/trouble/{kind}/")

    body = problem(response, status, code)
    assert {key: body[key] for key in more} == more
    assert Building.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "status", "code", "seconds"),
    [
        ("quota", 429, "too_many_requests", "17"),
        ("outside", 502, "outside_service", "9"),
        ("timeout", 503, "unavailable", "5"),
        ("deadlock", 503, "busy", "1"),
        ("full", 503, "unavailable", "5"),
    ],
)
def test_what_may_pass_says_when_to_come_back(db, api, kind, status, code, seconds):
    response = api.get(f"/api/v1/trouble/{kind}/")

    problem(response, status, code)
    assert response["Retry-After"] == seconds


def test_a_mistake_in_our_own_sql_is_a_fault(db, api):
    api.raise_request_exception = False

    response = api.get("/api/v1/trouble/bug/")

    problem(response, 500, "server_error")


def test_errors_point_into_the_body(api):
    body = {
        "title": "x" * 41,
        "rooms": [{"room": "A", "area": "9.5"}, {"room": "B", "area": "zero"}, {}],
        "tags": ["short", "much-too-long"],
        "labels": {"a/b": "toolong"},
    }

    response = api.post(SURVEYS, body)

    found = problem(response, 400, "invalid")["errors"]
    assert {(error["pointer"], error["code"]) for error in found} == {
        ("/title", "max_length"),
        ("/rooms/1/area", "invalid"),
        ("/rooms/2/room", "required"),
        ("/rooms/2/area", "required"),
        ("/tags/1", "max_length"),
        ("/labels/a~1b", "max_length"),
    }


@pytest.mark.parametrize("body", [[], "text", 7, None, True])
def test_a_body_that_is_no_object_is_refused_as_a_whole(api, body):
    response = api.post(SURVEYS, body, format="json")

    errors = problem(response, 400, "invalid")["errors"]
    assert {error["pointer"] for error in errors} <= {"", "/title", "/rooms"}


def test_a_code_is_explained_where_its_type_points(client):
    known = client.get("/docs/problems/already_claimed/")
    unknown = client.get("/docs/problems/no_such_code/")

    assert known.status_code == 200
    assert "Somebody else already has this" in known.content.decode()
    assert unknown.status_code == 404


def test_the_context_of_a_client_does_not_leak_into_the_next(db):
    first = APIClient().get("/api/v1/nowhere/", HTTP_X_REQUEST_ID="first-request")
    second = APIClient().get("/api/v1/nowhere/")

    assert first.json()["request_id"] == "first-request"
    assert second.json()["request_id"] != "first-request"
