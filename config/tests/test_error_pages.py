"""Errors outside of any API view: problems under /api/, small pages for people elsewhere."""

from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

from config.shared import error_pages

pytestmark = [pytest.mark.urls("config.tests.kernel_urls"), pytest.mark.capability("A06")]

HANDLERS = [
    (error_pages.bad_request, (SuspiciousOperation("secret"),), 400, "bad_request"),
    (error_pages.permission_denied, (PermissionError("secret"),), 403, "not_allowed"),
    (error_pages.page_not_found, (LookupError("secret"),), 404, "not_found"),
    (error_pages.server_error, (), 500, "server_error"),
]


def ask(path: str) -> HttpRequest:
    return RequestFactory().get(path)


@pytest.mark.parametrize(("handler", "arguments", "status", "code"), HANDLERS)
def test_a_handler_of_django_answers_the_api_with_a_problem(
    handler: Any, arguments: Any, status: int, code: str
):
    response = handler(ask("/api/v1/things/"), *arguments)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert f'"code":"{code}"'.encode() in response.content
    assert b"secret" not in response.content


@pytest.mark.parametrize(("handler", "arguments", "status", "code"), HANDLERS)
def test_a_handler_of_django_answers_people_with_a_page(
    handler: Any, arguments: Any, status: int, code: str
):
    response = handler(ask("/things/"), *arguments)

    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")
    assert b"secret" not in response.content


def test_a_host_that_is_not_ours_is_a_problem(api):
    response = api.get("/api/v1/surveys", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert response.json()["code"] == "bad_request"


@override_settings(APPEND_SLASH=False)
def test_no_slash_is_appended_where_django_does_not(api):
    response = api.get("/api/v1/surveys")

    assert response.status_code == 404


def test_a_path_that_lacks_more_than_its_slash_is_not_found(api):
    response = api.get("/api/v1/nowhere")

    assert response.status_code == 404
    assert response.json()["detail"] == "There is nothing at this path."
