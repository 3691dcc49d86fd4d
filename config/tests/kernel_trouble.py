"""A view that goes wrong in every way there is."""

from typing import Any

from django.db import connection, transaction
from django.http import Http404
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Building
from config.shared.errors import (
    AlreadyClaimedError,
    InvalidInputError,
    InvalidTransitionError,
    OutsideServiceError,
    TooManyRequestsError,
)
from config.shared.permissions import Public
from config.shared.viewsets import ViewSet

NAMELESS: Any = None


class TroubleViewSet(ViewSet):
    """Everything that can go wrong."""

    schema = None
    queryset = Building.objects.none()
    permission_classes = [Public]

    @action(detail=False, methods=["get", "post"], url_path="(?P<kind>[a-z-]+)")
    def trouble(self, request: Request, kind: str) -> Response:
        """Cause trouble."""
        return getattr(self, f"cause_{kind.replace('-', '_')}")()

    def cause_fault(self) -> Response:
        raise RuntimeError("a secret detail")

    def cause_missing(self) -> Response:
        raise Http404("No Building matches the given query.")

    def cause_transition(self) -> Response:
        raise InvalidTransitionError("held", ["confirmed", "cancelled"])

    def cause_claimed(self) -> Response:
        raise AlreadyClaimedError(frees_at="2026-11-21T10:00:00Z")

    def cause_quota(self) -> Response:
        raise TooManyRequestsError(retry_after=17)

    def cause_outside(self) -> Response:
        raise OutsideServiceError(retry_after=9)

    def cause_service_input(self) -> Response:
        raise InvalidInputError.at("/rooms/0/area", "too_small", "Rooms have at least 1 m².")

    def cause_check(self) -> Response:
        with transaction.atomic():
            Building.objects.create(name="Low", city="Dubai", floors=301)
        return Response()

    def cause_unique(self) -> Response:
        with transaction.atomic():
            Building.objects.create(name="Twin", city="Dubai")
            Building.objects.create(name="Twin", city="Dubai")
        return Response()

    def cause_null(self) -> Response:
        with transaction.atomic():
            Building.objects.bulk_create([Building(city="Dubai", units_count=None, name=NAMELESS)])
        return Response()

    def cause_range(self) -> Response:
        return self._sql("SELECT 99999999999::integer")

    def cause_nul(self) -> Response:
        return self._sql("SELECT %s::text", ["a\x00b"])

    def cause_timeout(self) -> Response:
        return self._sql("SET LOCAL statement_timeout = 20; SELECT pg_sleep(2)")

    def cause_deadlock(self) -> Response:
        return self._sql("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")

    def cause_full(self) -> Response:
        return self._sql("DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53300'; END $$")

    def cause_bug(self) -> Response:
        return self._sql("SELECT no_such_column")

    def _sql(self, statement: str, params: list[Any] | None = None) -> Response:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, params)
        return Response()
