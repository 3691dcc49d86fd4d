"""What the site says about itself: its first page, its health and its figures."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.shared import health, metrics
from config.shared.errors import DomainError, UnavailableError
from config.shared.version import NAME, VERSION

DESCRIPTION = "The back end of a housing community: homes, a market, work and circles, one API."
RETRY_AFTER_SECONDS = 5

# What the first page leads to, by the name of the address; what is switched off is left out.
DESTINATIONS = (
    ("docs", "docs", "Documentation of the API, to try out"),
    ("redoc", "redoc", "Documentation of the API, to read"),
    ("schema", "schema", "Description of the API (OpenAPI)"),
    ("health", "health", "Health of this site"),
)


def bearer_token(request: HttpRequest | Request) -> str:
    """What stands behind ``Bearer`` in the request's authorization, or an empty text."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def holds_token(request: HttpRequest | Request, expected: str) -> bool:
    """Whether the request shows ``expected``; never, when no token has been set."""
    given = bearer_token(request)
    return bool(expected) and constant_time_compare(given, expected)


def destinations() -> list[dict[str, str]]:
    """The addresses that the first page leads to."""
    found = []
    for key, view, title in DESTINATIONS:
        try:
            found.append({"key": key, "title": title, "address": reverse(view)})
        except NoReverseMatch:
            continue
    if settings.ADMIN_PATH == "admin/":
        found.append({"key": "admin", "title": "Back office", "address": reverse("admin:index")})
    return found


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """A small page for people, and the same as JSON for whoever does not ask for a page."""
    links = destinations()
    if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
        context = {"name": NAME, "version": VERSION, "description": DESCRIPTION, "links": links}
        response = render(request, "pages/home.html", context)
    else:
        addresses = {link["key"]: request.build_absolute_uri(link["address"]) for link in links}
        response = JsonResponse(
            {"name": NAME, "version": VERSION, "description": DESCRIPTION, "links": addresses}
        )
    patch_vary_headers(response, ["Accept"])
    return response


@require_safe
def icon(_request: HttpRequest) -> HttpResponse:
    """Where browsers look for an icon when a page names none."""
    return HttpResponsePermanentRedirect(static("courtyard/icon.svg"))


@require_safe
@never_cache
def figures(request: HttpRequest) -> HttpResponse:
    """The figures for Prometheus; without a token in the settings there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not holds_token(request, settings.METRICS_TOKEN):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def is_staff(request: Request) -> bool:
    """Whether staff asks, by an access token or by the back office's session.

    A database that is down makes nobody staff, and is no reason to fail here.
    """
    try:
        for authenticator in APIView().get_authenticators():
            recognised = authenticator.authenticate(request)
            if recognised is not None:
                return bool(recognised[0].is_staff)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            person = get_user(request._request)
            return bool(person.is_active and person.is_staff)
    except (APIException, DomainError, DatabaseError):
        return False
    return False


class HealthReport(serializers.Serializer[Any]):
    """The state of Courtyard and of what it stands on."""

    status = serializers.ChoiceField(choices=[health.OK, health.DEGRADED, health.DOWN])
    name = serializers.CharField()
    version = serializers.CharField()
    time = serializers.DateTimeField()
    checks = serializers.DictField(child=serializers.DictField())


class Readiness(serializers.Serializer[Any]):
    """Whether requests may be sent here, and what each database says."""

    status = serializers.ChoiceField(choices=[health.OK])
    databases = serializers.DictField(child=serializers.DictField())


class Liveness(serializers.Serializer[Any]):
    """A sign of life."""

    status = serializers.ChoiceField(choices=[health.OK])


class PublicView(APIView):
    """A view that asks nobody who they are, so that it answers without any database."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()


class HealthView(PublicView):
    """Health of the whole site."""

    @extend_schema(
        operation_id="health_report",
        summary="Health of the site",
        description=(
            "The state of each dependency: both databases, the job queue, the cache and the "
            "files. Staff, and whoever shows the health token, also see versions, times and "
            "counts. Looked at again after five seconds at the earliest. Answers 503 when nobody "
            "can be served."
        ),
        tags=["health"],
        responses=HealthReport,
        examples=[
            OpenApiExample(
                "All is well",
                value={
                    "status": "ok",
                    "name": "Courtyard",
                    "version": VERSION,
                    "time": "2026-11-21T08:00:00+00:00",
                    "checks": {
                        "default": {"state": "ok"},
                        "credentials": {"state": "ok"},
                        "jobs": {"state": "ok"},
                        "cache": {"state": "ok"},
                        "storage": {"state": "ok"},
                        "realtime": {"state": "ok"},
                    },
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        report = health.report()
        details = holds_token(request, settings.HEALTH_TOKEN) or is_staff(request)
        document = report.as_dict(details=details)
        if report.status == health.DOWN:
            del document["status"]
            raise UnavailableError(
                "Courtyard cannot serve anybody at present.",
                retry_after=RETRY_AFTER_SECONDS,
                **document,
            )
        return Response(document)


class ReadyView(PublicView):
    """Readiness, for load balancers."""

    @extend_schema(
        operation_id="health_ready",
        summary="Readiness",
        description=(
            "Answers 200 when both databases answer and have every migration of this version, "
            "else 503. Each database is reported apart."
        ),
        tags=["health"],
        responses=Readiness,
        examples=[
            OpenApiExample(
                "Ready",
                value={
                    "status": "ok",
                    "databases": {
                        "default": {"state": "ok", "missing_migrations": 0},
                        "credentials": {"state": "ok", "missing_migrations": 0},
                    },
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        found = health.readiness()
        databases = {
            alias: {"state": finding.state, **finding.detail} for alias, finding in found.items()
        }
        if any(finding.state != health.OK for finding in found.values()):
            raise UnavailableError(
                "A database is down or lacks migrations.",
                retry_after=RETRY_AFTER_SECONDS,
                databases=databases,
            )
        return Response({"status": health.OK, "databases": databases})


class LiveView(PublicView):
    """Liveness, for supervisors."""

    @extend_schema(
        operation_id="health_live",
        summary="Sign of life",
        description="Answers as long as the process serves requests; touches nothing else.",
        tags=["health"],
        responses=Liveness,
        examples=[OpenApiExample("Alive", value={"status": "ok"}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response({"status": health.OK})
