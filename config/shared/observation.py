"""One look at every request: timed and counted once, for the log line and the metrics alike."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import structlog
from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.shared import metrics
from config.shared.context import current

log = structlog.get_logger("courtyard.request")

UNMATCHED = "unmatched"
STATIC = "static"
QUIET_ROUTES = ("health/", "api/v1/health/", "metrics", STATIC)


class DatabaseTally:
    """Counts the statements that pass through the connections it is wrapped around."""

    def __init__(self) -> None:
        self.by_alias: dict[str, tuple[int, float]] = {}

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            alias = context["connection"].alias
            statements, seconds = self.by_alias.get(alias, (0, 0.0))
            self.by_alias[alias] = (statements + 1, seconds + time.perf_counter() - started)

    @property
    def statements(self) -> int:
        return sum(statements for statements, _ in self.by_alias.values())

    @property
    def seconds(self) -> float:
        return sum(seconds for _, seconds in self.by_alias.values())


def route_of(request: HttpRequest) -> str:
    """The pattern that the request's path matched: what requests are grouped by."""
    match = request.resolver_match
    if match is not None:
        return match.route or "/"
    return STATIC if request.path.startswith(settings.STATIC_URL) else UNMATCHED


def user_id_of(request: HttpRequest) -> str | None:
    """The key of whoever was recognised, without asking the database for them."""
    person = current().actor or getattr(request, "_cached_user", None)
    if person is None:
        # Django REST framework puts the person it recognised here; a lazy one stays unasked.
        candidate = request.__dict__.get("user")
        person = candidate if hasattr(type(candidate), "_meta") else None
    key = getattr(person, "pk", None)
    return None if key is None else str(key)


class ObservationMiddleware:
    """Counts each request and writes its log line.

    Stands right inside ``RequestContextMiddleware``, outside of everything that asks a database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        tally = DatabaseTally()
        started = time.perf_counter()
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(tally))
            response = self.get_response(request)
        self._report(request, response, time.perf_counter() - started, tally)
        return response

    def _report(
        self, request: HttpRequest, response: HttpResponseBase, seconds: float, tally: DatabaseTally
    ) -> None:
        route = route_of(request)
        method = request.method or "other"
        metrics.observe_request(
            method=method,
            route=route,
            status=response.status_code,
            seconds=seconds,
            databases=tally.by_alias,
        )
        write = log.info
        if response.status_code >= 500:
            write = log.error
        elif route.startswith(QUIET_ROUTES):
            write = log.debug
        write(
            "request",
            method=method,
            path=request.path,
            route=route,
            status=response.status_code,
            duration_ms=round(seconds * 1000, 1),
            queries=tally.statements,
            database_ms=round(tally.seconds * 1000, 1),
            user_id=user_id_of(request),
        )
