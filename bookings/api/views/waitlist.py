"""Waiting lists of units, and what came of one's claims to them."""

from typing import Any
from uuid import UUID

from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api.filters.bookings import WaitlistFilter
from bookings.api.serializers.waitlist import (
    WAITING,
    ClaimSerializer,
    UnitWaitlistEntrySerializer,
    WaitlistEntrySerializer,
)
from bookings.models import ClaimLog, WaitlistEntry
from bookings.services.waitlist import join_waitlist, leave_waitlist, waitlist_of_unit
from catalog.models import Unit
from config.shared.operations import documented
from config.shared.pagination import CursorPagination, PagePagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ViewSet


class OfUnitViewSet(ViewSet):
    """Something about one unit that the caller sees."""

    permission_classes = [IsSignedIn]

    def unit(self) -> Unit:
        """The unit that the path names."""
        visible = Unit.objects.visible_to(self.request.user).select_related("development__builder")
        found: Unit = get_object_or_404(visible, pk=self.kwargs["unit_id"])
        return found


class UnitWaitlistViewSet(OfUnitViewSet):
    """The waiting list of a unit."""

    queryset = WaitlistEntry.objects.none()
    serializer_class = WaitlistEntrySerializer
    pagination_class = PagePagination
    filterset_class = WaitlistFilter
    ordering = ["position"]
    tag = "waiting lists"

    @documented(
        gives=UnitWaitlistEntrySerializer,
        summary="List who waits for a unit",
        operation_id="units_waitlist",
        errors=(404,),
    )
    def list(self, request: Request, unit_id: UUID) -> Response:
        """Who waits for a unit, or did, in the order in which it is offered.

        For the owners, administrators and sales of its builder, and for staff.
        """
        return self.listed(waitlist_of_unit(actor=caller_of(request), unit=self.unit()))

    @documented(
        summary="Wait for a unit",
        operation_id="units_join_waitlist",
        status=201,
        errors=(404, 409),
        answer=WAITING,
    )
    def create(self, request: Request, unit_id: UUID) -> Response:
        """Take the last place on the waiting list of a unit that somebody else has.

        When it frees, the first is offered it for some hours and takes it by holding it; the next
        is offered it after that. A unit that is free is held, not waited for: 409
        `unit_available`.
        """
        return self.answer(join_waitlist(actor=caller_of(request), unit=self.unit()))

    @documented(
        nothing=True,
        summary="Wait for a unit no longer",
        operation_id="units_leave_waitlist",
        errors=(404,),
    )
    def destroy(self, request: Request, unit_id: UUID) -> Response:
        """Give one's place on the waiting list up; an offer goes to the next in line."""
        leave_waitlist(actor=caller_of(request), unit=self.unit())
        return self.answer()


class MyWaitlistViewSet(ViewSet):
    """The units that the caller waits for, or did."""

    queryset = WaitlistEntry.objects.none()
    serializer_class = WaitlistEntrySerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = WaitlistFilter
    ordering = ["-created_at"]
    tag = "waiting lists"

    def get_queryset(self) -> Any:
        return WaitlistEntry.objects.of_customer(self.request.user).with_details()

    @documented(summary="List the units you wait for", operation_id="waitlist_list")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first, each with the number of people who come before."""
        return self.listed(self.get_queryset())


class UnitClaimsViewSet(OfUnitViewSet):
    """The caller's own claims to a unit."""

    queryset = ClaimLog.objects.none()
    serializer_class = ClaimSerializer
    pagination_class = CursorPagination
    ordering = ["-asked_at"]
    tag = "waiting lists"

    @documented(summary="List your claims to a unit", operation_id="units_claims", errors=(404,))
    def list(self, request: Request, unit_id: UUID) -> Response:
        """What came of each time the caller asked for a unit, newest first.

        Who else asked is not shown; one's place among them is.
        """
        return self.listed(ClaimLog.objects.of(self.request.user, self.unit()).with_place())
