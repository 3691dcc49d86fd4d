"""Bookings: holding a unit, going on to the deposit, giving it up."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api.filters.bookings import BookingFilter, CustomerBookingFilter
from bookings.api.serializers.bookings import (
    CANCELLED,
    CHECKED_OUT,
    HELD,
    HOLD,
    LEAVING,
    BookingSerializer,
    HoldSerializer,
    LeavingSerializer,
    NotesSerializer,
)
from bookings.models import Booking
from bookings.services.booking_pages import bookings_of_customer, change_notes
from bookings.services.checkout import check_out, release_booking
from bookings.services.holds import extend_hold, place_hold
from bookings.services.leaving import leave_booking
from config.shared.conditional import ConditionalWritesMixin
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet, ViewSet


class BookingViewSet(ConditionalWritesMixin, ReadOnlyViewSet):
    """Bookings: one's own, and those with a builder for whom one acts."""

    queryset = Booking.objects.none()
    serializer_class = BookingSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = BookingFilter
    ordering = ["-created_at"]
    tag = "bookings"

    def get_queryset(self) -> Any:
        return Booking.objects.visible_to(self.request.user).with_details()

    def shown(self, booking: Booking, *, status: int | None = None) -> Response:
        """``booking`` as it is read after what was done to it."""
        return self.answer(get_object_or_404(self.get_queryset(), pk=booking.pk), status=status)

    @documented(summary="List bookings")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The caller's own bookings and those of builders for whom they act, newest first."""
        return super().list(request)

    @documented(summary="Get a booking", answer=HELD)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A booking with its frozen price, plan and terms, and when it ends by itself."""
        return super().retrieve(request)

    @documented(
        takes=HoldSerializer,
        operation_id="bookings_hold",
        summary="Hold a unit",
        status=201,
        idempotency="required",
        example=HOLD,
        answer=HELD,
    )
    def create(self, request: Request) -> Response:
        """Hold a unit at today's price and terms, for as long as the development says.

        Of all who ask at once one gets it; the others get a 409 `already_claimed` with the unit's
        state (`current`), when it may be free (`free_at`), how many wait for it and the caller's
        place among those who asked. One person holds at most so many units of a development: then
        a 429 `hold_limit_reached` says when the next of their holds ends. For a customer whom they
        name, the builder's sales may hold a unit.
        """
        return self.shown(place_hold(actor=caller_of(request), **self.validated()), status=201)

    @documented(takes=NotesSerializer, example={"notes": "Corner, if it comes free."})
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change the notes of a booking.

        For the customer and the builder's sales. What was agreed does not change.
        """
        with self.to_change() as booking:
            actor, values = caller_of(request), self.validated()
            changed = change_notes(booking=booking, actor=actor, **values)
        return self.shown(changed)

    @action(detail=True, methods=["post"])
    @documented(answer=HELD)
    def extend(self, request: Request, pk: UUID) -> Response:
        """Give a hold more time.

        For the customer and the builder's sales. In all it is extended by so many minutes; then a
        409 `extension_limit_reached` says by how many.
        """
        return self.shown(extend_hold(booking=self.get_object(), actor=caller_of(request)))

    @action(detail=True, methods=["post"])
    @documented(takes=LeavingSerializer, example=LEAVING, answer=CANCELLED)
    def release(self, request: Request, pk: UUID) -> Response:
        """Give up a hold, or a booking whose deposit is awaited.

        For the customer and the builder's sales. The unit goes to whoever waits for it.
        """
        booking, actor = self.get_object(), caller_of(request)
        return self.shown(release_booking(booking=booking, actor=actor, **self.validated()))

    @action(detail=True, methods=["post"])
    @documented(takes=LeavingSerializer, example=LEAVING, answer=CANCELLED)
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Cancel a booking.

        While the deposit is not paid it ends at once, for the customer and the builder's sales.
        After that the customer asks for it with a reason, and the builder decides by the policy
        that was agreed: until then the booking stays as it is.
        """
        booking, actor = self.get_object(), caller_of(request)
        return self.shown(leave_booking(booking=booking, actor=actor, **self.validated()))

    @action(detail=True, methods=["post"])
    @documented(idempotency="required", answer=CHECKED_OUT)
    def checkout(self, request: Request, pk: UUID) -> Response:
        """Go on from a hold to the deposit.

        For the customer. The instalments are made from the plan as it was frozen; the deposit is
        due at once and has to arrive before `pay_until`.
        """
        return self.shown(check_out(booking=self.get_object(), actor=caller_of(request)))


class CustomerBookingsViewSet(ViewSet):
    """The bookings of one customer."""

    queryset = Booking.objects.none()
    serializer_class = BookingSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = CustomerBookingFilter
    ordering = ["-created_at"]
    tag = "bookings"

    @documented(
        summary="List the bookings of a customer", operation_id="bookings_customer", errors=(404,)
    )
    def list(self, request: Request, customer_id: UUID) -> Response:
        """For the customer, for a builder those with that builder, and for staff.

        Everybody else gets a 404.
        """
        reader = caller_of(request)
        return self.listed(bookings_of_customer(reader=reader, customer_id=customer_id))
