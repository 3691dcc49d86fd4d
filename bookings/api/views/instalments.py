"""Instalments: what is owed, objections to it and answers, waivers."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api.filters.instalments import InstalmentFilter
from bookings.api.serializers.instalments import (
    ANSWER,
    ANSWERED,
    EXAMPLE,
    OBJECTED,
    OBJECTION,
    WAIVED,
    WAIVER,
    InstalmentSerializer,
    ObjectionAnswerSerializer,
    ObjectionSerializer,
    WaiverInputSerializer,
)
from bookings.models import Booking, Instalment
from bookings.services.objections import object_to_instalment, resolve_objection
from bookings.services.waivers import waive_instalment
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.parameters import refuse_unknown
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet, ViewSet


class BookingInstalmentsView(ViewSet):
    """The instalments of one booking."""

    queryset = Instalment.objects.none()
    serializer_class = InstalmentSerializer
    permission_classes = [IsSignedIn]
    pagination_class = None
    tag = "instalments"

    def get_queryset(self) -> Any:
        """Those of the booking that the path names; an unseen booking is a 404."""
        seen = Booking.objects.visible_to(self.request.user)
        booking = get_object_or_404(seen, pk=self.kwargs["booking_id"])
        return Instalment.objects.filter(booking=booking).with_details().order_by("order", "pk")

    @documented(
        operation_id="bookings_instalments_list",
        summary="List the instalments of a booking",
        many=True,
        answer=[EXAMPLE],
    )
    def list(self, request: Request, booking_id: UUID) -> Response:
        """All instalments of a booking in their order, paid and unpaid.

        Each with what was paid of it, what is left, the late fee so far and what would be charged
        next and when, the evidence that made it due, and the objection to it.
        """
        refuse_unknown(request, (), ())
        return self.answer(self.get_queryset())


class InstalmentViewSet(ReadOnlyViewSet):
    """What one owes, and what is owed to builders for whom one acts."""

    queryset = Instalment.objects.none()
    serializer_class = InstalmentSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = InstalmentFilter
    ordering = ["booking_id", "order"]
    tag = "instalments"

    def get_queryset(self) -> Any:
        return Instalment.objects.visible_to(self.request.user).with_details()

    @documented(summary="List instalments")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The caller's own instalments and those owed to builders for whom they act.

        Booking by booking, in their order; a due range leaves out what has no date yet.
        """
        return super().list(request)

    @documented(summary="Get an instalment", answer=EXAMPLE)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """An instalment as it stands now."""
        return super().retrieve(request)

    @action(detail=True, methods=["post"], url_path="object", url_name="object")
    @documented(
        summary="Object to an instalment",
        operation_id="instalments_object",
        takes=ObjectionSerializer,
        example=OBJECTION,
        answer=OBJECTED,
    )
    def make_objection(self, request: Request, pk: UUID) -> Response:
        """Object to an instalment that is owed; for the customer who owes it.

        Until the builder answers, it does not become overdue and no late fee is charged; what was
        overdue is merely due again.
        """
        found = self.get_object()
        object_to_instalment(instalment=found, customer=caller_of(request), **self.validated())
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    @documented(
        summary="Answer an objection",
        takes=ObjectionAnswerSerializer,
        example=ANSWER,
        answer=ANSWERED,
    )
    def resolve(self, request: Request, pk: UUID) -> Response:
        """Answer an objection; for the builder's owners, administrators and finance, never the
        customer.

        The days that it was open do not count. If it is upheld, the time to pay begins anew and
        late fees that were not paid are taken back.
        """
        found = self.get_object()
        resolve_objection(instalment=found, actor=caller_of(request), **self.validated())
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    @documented(
        summary="Waive an instalment",
        takes=WaiverInputSerializer,
        example=WAIVER,
        answer=WAIVED,
    )
    def waive(self, request: Request, pk: UUID) -> Response:
        """Ask that an instalment need not be paid, or agree as the second person.

        For the builder's owners, administrators and finance. The first call needs a reason; the
        call of another person completes the waiver. Nobody waives what they owe themselves, and a
        deposit is never waived. What was paid stays paid.
        """
        found = self.get_object()
        waive_instalment(instalment=found, actor=caller_of(request), **self.validated())
        return self.answer(self.get_object())
