"""What browsers are told to allow, part of the site by part."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config.shared.csp import ContentPolicyMiddleware

pytestmark = pytest.mark.django_db


def policy(response: Any) -> dict[str, set[str]]:
    directives = response.headers["Content-Security-Policy"].split(";")
    words = [directive.split() for directive in directives if directive.strip()]
    return {name: set(sources) for name, *sources in words}


@pytest.mark.parametrize(
    "path", ["/", "/api/v1/health/", "/admin/login/", "/nothing/here/", "/api/v1/nothing/"]
)
def test_every_response_carries_the_protective_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers

    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert "Server" not in headers
    assert "X-Powered-By" not in headers


def test_pages_load_their_own_files_and_nothing_inline(client: Client) -> None:
    found = policy(client.get("/", headers={"Accept": "text/html"}))

    assert found == {
        "default-src": {"'self'"},
        "img-src": {"'self'", "data:"},
        "object-src": {"'none'"},
        "base-uri": {"'none'"},
        "form-action": {"'self'"},
        "frame-ancestors": {"'none'"},
    }


@pytest.mark.parametrize("path", ["/api/v1/health/", "/api/v1/nothing/"])
def test_answers_of_the_api_load_nothing(client: Client, path: str) -> None:
    found = policy(client.get(path))

    assert found == {
        "default-src": {"'none'"},
        "base-uri": {"'none'"},
        "form-action": {"'none'"},
        "frame-ancestors": {"'none'"},
    }


def test_the_back_office_may_evaluate_and_set_styles_but_not_run_inline_scripts(
    client: Client,
) -> None:
    found = policy(client.get("/admin/login/"))

    assert found["script-src"] == {"'self'", "'unsafe-eval'"}
    assert found["style-src"] == {"'self'", "'unsafe-inline'"}
    assert found["default-src"] == {"'self'"}
    assert found["frame-ancestors"] == {"'none'"}


def test_the_back_office_shows_pictures_of_the_object_store(settings: LazySettings) -> None:
    settings.S3_PUBLIC_ENDPOINT_URL = "https://files.courtyard.example"

    middleware = ContentPolicyMiddleware(lambda _request: HttpResponse())

    assert "https://files.courtyard.example" in middleware.admin
    assert "https://files.courtyard.example" not in middleware.pages


@pytest.mark.parametrize("path", ["/docs/", "/redoc/"])
def test_only_the_documentation_allows_inline_scripts(client: Client, path: str) -> None:
    found = policy(client.get(path))

    assert found["script-src"] == {"'self'", "'unsafe-inline'"}
    assert found["style-src"] == {"'self'", "'unsafe-inline'"}
    assert found["worker-src"] == {"'self'", "blob:"}


def test_a_view_may_be_stricter_than_its_part_of_the_site() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'; sandbox"})

    response = ContentPolicyMiddleware(view)(RequestFactory().get("/"))

    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_production_insists_on_an_encrypted_connection(settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^(api/v1/)?health/", r"^metrics$"]
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_PRELOAD = True
    client = Client()

    plain = client.get("/")
    encrypted = client.get("/", secure=True)
    probe = client.get("/health/live/")

    assert plain.status_code == 301
    assert plain.headers["Location"] == "https://testserver/"
    expected = "max-age=31536000; includeSubDomains; preload"
    assert encrypted.headers["Strict-Transport-Security"] == expected
    assert probe.status_code == 200


def test_only_listed_origins_may_read_answers(client: Client, settings: LazySettings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.courtyard.example"]
    ours = {"Origin": "https://app.courtyard.example"}

    listed = client.get("/api/v1/health/", headers=ours)
    preflight = client.options(
        "/api/v1/health/",
        headers={**ours, "Access-Control-Request-Method": "POST"},
    )
    foreign = client.get("/api/v1/health/", headers={"Origin": "https://evil.example"})
    page = client.get("/", headers=ours)

    assert listed.headers["Access-Control-Allow-Origin"] == "https://app.courtyard.example"
    assert "X-Request-ID" in listed.headers["Access-Control-Expose-Headers"]
    assert "idempotency-key" in preflight.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in listed.headers
    assert "Access-Control-Allow-Origin" not in foreign.headers
    assert "Access-Control-Allow-Origin" not in page.headers
