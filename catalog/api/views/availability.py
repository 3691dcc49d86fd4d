"""The caller's own hours, and who receives visitors of a development."""

from typing import Any
from uuid import UUID

from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.models import User
from catalog.api.filters.availability import AvailabilityExceptionFilter
from catalog.api.serializers.availability import (
    EXCEPTION_EXAMPLE,
    HOURS_EXAMPLE,
    AvailabilityExceptionSerializer,
    HostSerializer,
    WeeklyHoursSerializer,
)
from catalog.models import AvailabilityException, Development
from catalog.services.availability import (
    add_exception,
    remove_exception,
    replace_hours,
    weekly_hours,
)
from catalog.services.hosts import hosts_of
from config.shared.operations import documented
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import APIView, ReadOnlyViewSet, ViewSet


class AvailabilityView(APIView):
    """When the caller receives visitors, week by week."""

    serializer_class = WeeklyHoursSerializer
    permission_classes = [IsSignedIn]
    tag = "availability"

    @documented(operation_id="availability_retrieve", answer=HOURS_EXAMPLE)
    def get(self, request: Request) -> Response:
        """Get your weekly hours."""
        return self.answer(weekly_hours(host=caller_of(request)))

    @documented(
        operation_id="availability_replace",
        takes=WeeklyHoursSerializer,
        example=HOURS_EXAMPLE,
        answer=HOURS_EXAMPLE,
    )
    def put(self, request: Request) -> Response:
        """Replace your weekly hours.

        What you send are all of them; an empty list means that you receive nobody. The times are
        those on the clock of the time zone, also when that changes. Hours of one day must not
        overlap. Appointments that were made already stay.
        """
        return self.answer(replace_hours(host=caller_of(request), **self.validated()))


class AvailabilityExceptionViewSet(ReadOnlyViewSet):
    """Days on which the caller is away, or receives at other hours than usual."""

    queryset = AvailabilityException.objects.none()
    serializer_class = AvailabilityExceptionSerializer
    permission_classes = [IsSignedIn]
    filterset_class = AvailabilityExceptionFilter
    ordering_fields = ["day"]
    ordering = ["day"]
    tag = "availability"

    def get_queryset(self) -> Any:
        user = caller_of(self.request)
        return AvailabilityException.objects.visible_to(user).filter(host=user)

    @documented(
        takes=AvailabilityExceptionSerializer,
        status=201,
        example=EXCEPTION_EXAMPLE,
        answer=EXCEPTION_EXAMPLE,
    )
    def create(self, request: Request) -> Response:
        """Make a day an exception: closed, or open from one time to another only.

        Each day has one exception at most; remove it to change it.
        """
        return self.answer(add_exception(host=caller_of(request), **self.validated()))

    @documented(nothing=True)
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Remove an exception, so that the day is like the others of its weekday again."""
        remove_exception(exception=self.get_object(), actor=caller_of(request))
        return self.answer()


class DevelopmentHostViewSet(ViewSet):
    """Who receives visitors of a development."""

    queryset = User.objects.none()
    serializer_class = HostSerializer
    permission_classes = [IsSignedIn]
    tag = "availability"

    @documented(summary="List who receives visitors of a development")
    def list(self, request: Request, development_id: UUID) -> Response:
        """List who receives visitors of a development.

        Those of the builder's people with hours: ask for the slots of one of them.
        """
        seen = Development.objects.visible_to(request.user).select_related("builder")
        development = get_object_or_404(seen, pk=development_id)
        return self.listed(hosts_of(development=development, caller=caller_of(request)))
