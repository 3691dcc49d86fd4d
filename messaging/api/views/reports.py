"""Reports: what is not right, for the staff to look at."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet
from messaging.api.serializers.reports import (
    EXAMPLE_INPUT,
    ReportInputSerializer,
    ReportSerializer,
)
from messaging.api.throttles import ReportThrottle
from messaging.models import Report
from messaging.services.reports import make_report


class ReportViewSet(ReadOnlyViewSet):
    """What one has reported, and what became of it."""

    queryset = Report.objects.none()
    serializer_class = ReportSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    ordering = ["-created_at", "-pk"]
    tag = "reports"

    def get_queryset(self) -> Any:
        return Report.objects.made_by(self.request.user).order_by("-created_at", "-pk")

    def get_throttles(self) -> list[Any]:
        return [ReportThrottle()] if self.action == "create" else super().get_throttles()

    @documented(summary="List what you reported")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request)

    @documented(summary="Get a report of yours")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request)

    @documented(takes=ReportInputSerializer, status=201, example=EXAMPLE_INPUT)
    def create(self, request: Request) -> Response:
        """Report something.

        A message, product, stream, person or review that you can see. The staff look at it, with
        what was said around a message; whoever it is about does not learn who reported it.
        """
        return self.answer(make_report(reporter=caller_of(request), **self.validated()))
