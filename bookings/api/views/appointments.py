"""Appointments: asking, answering, moving, calling off, and what came of them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api.appointment_examples import APPOINTMENT, CALENDAR, MOVE, REQUEST
from bookings.api.filters.appointments import AppointmentFilter
from bookings.api.serializers.appointments import (
    AppointmentConfirmSerializer,
    AppointmentOutcomeSerializer,
    AppointmentReasonSerializer,
    AppointmentRequestSerializer,
    AppointmentRescheduleSerializer,
    AppointmentSerializer,
)
from bookings.api.throttles import AppointmentThrottle
from bookings.models import Appointment
from bookings.services.appointment_answers import (
    cancel_appointment,
    complete_appointment,
    confirm_appointment,
    decline_appointment,
    mark_no_show,
)
from bookings.services.appointment_pages import appointments_of_customer
from bookings.services.appointments import request_appointment, reschedule_appointment
from bookings.services.calendar_files import CONTENT_TYPE, NAME, calendar_file
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import APIView, ReadOnlyViewSet, ViewSet


class AppointmentViewSet(ReadOnlyViewSet):
    """Appointments that the caller hosts, is invited to, or sees for a builder."""

    queryset = Appointment.objects.none()
    serializer_class = AppointmentSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = AppointmentFilter
    ordering_fields = {"newest": "created_at", "starts_at": "starts_at"}
    ordering = ["-created_at"]
    tag = "appointments"

    def get_queryset(self) -> Any:
        return Appointment.objects.visible_to(self.request.user).with_people()

    def get_throttles(self) -> list[Any]:
        return [AppointmentThrottle()] if self.action in {"create", "reschedule"} else []

    def shown(self, appointment: Appointment) -> Response:
        """The appointment as it is read."""
        return self.answer(self.get_queryset().get(pk=appointment.pk))

    @documented(summary="List appointments", answer=None)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List appointments.

        Those that you host, that you are invited to, and those of a builder for whom you act with
        customers. `mine=host` or `mine=guest` leaves out the others.
        """
        return super().list(request, *args, **kwargs)

    @documented(summary="Get an appointment", answer=APPOINTMENT)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @documented(
        takes=AppointmentRequestSerializer,
        status=201,
        example=REQUEST,
        answer=APPOINTMENT,
        idempotency="required",
    )
    def create(self, request: Request) -> Response:
        """Ask for an appointment.

        Choose one of the host's slots. It is yours until the host answers; if somebody else was
        faster, the answer is a 409 `host_busy` with the next free times in `next_free`. The
        builder's team may give a `guest` any time that both have, which is confirmed at once.
        """
        return self.answer(request_appointment(actor=caller_of(request), **self.validated()))

    @action(detail=True, methods=["post"])
    @documented(takes=AppointmentConfirmSerializer, answer={**APPOINTMENT, "status": "confirmed"})
    def confirm(self, request: Request, pk: UUID) -> Response:
        """Confirm a requested appointment.

        For the host, the host's team and staff, until it would begin. The guest is told, with a
        file for their calendar.
        """
        asked = self.get_object()
        confirm_appointment(appointment=asked, actor=caller_of(request), **self.validated())
        return self.shown(asked)

    @action(detail=True, methods=["post"])
    @documented(takes=AppointmentReasonSerializer, answer={**APPOINTMENT, "status": "declined"})
    def decline(self, request: Request, pk: UUID) -> Response:
        """Decline a requested appointment. For the host, the host's team and staff."""
        asked = self.get_object()
        decline_appointment(appointment=asked, actor=caller_of(request), **self.validated())
        return self.shown(asked)

    @action(detail=True, methods=["post"])
    @documented(
        takes=AppointmentRescheduleSerializer,
        status=201,
        example=MOVE,
        answer=APPOINTMENT,
        idempotency="required",
    )
    def reschedule(self, request: Request, pk: UUID) -> Response:
        """Move a confirmed appointment to another time.

        The answer is a new appointment that stands in the place of the old one. What the guest
        asks for is one of the host's slots and waits for an answer; what the host's side chooses
        is confirmed. If the time is taken, the old appointment stays.
        """
        old, caller = self.get_object(), caller_of(request)
        made = reschedule_appointment(appointment=old, actor=caller, **self.validated())
        return self.answer(made)

    @action(detail=True, methods=["post"])
    @documented(takes=AppointmentReasonSerializer, answer={**APPOINTMENT, "status": "cancelled"})
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Cancel an appointment. For either side; a confirmed one until it begins."""
        planned = self.get_object()
        cancel_appointment(appointment=planned, actor=caller_of(request), **self.validated())
        return self.shown(planned)

    @action(detail=True, methods=["post"])
    @documented(takes=AppointmentOutcomeSerializer, answer={**APPOINTMENT, "status": "completed"})
    def complete(self, request: Request, pk: UUID) -> Response:
        """Say that an appointment took place. For the host's side, once it has begun."""
        held = self.get_object()
        complete_appointment(appointment=held, actor=caller_of(request), **self.validated())
        return self.shown(held)

    @action(detail=True, methods=["post"], url_path="no-show")
    @documented(takes=AppointmentOutcomeSerializer, answer={**APPOINTMENT, "status": "no_show"})
    def no_show(self, request: Request, pk: UUID) -> Response:
        """Say that the guest did not come. For the host's side, once it has begun."""
        missed = self.get_object()
        mark_no_show(appointment=missed, actor=caller_of(request), **self.validated())
        return self.shown(missed)


class CustomerAppointmentViewSet(ViewSet):
    """The appointments of one customer."""

    queryset = Appointment.objects.none()
    serializer_class = AppointmentSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = AppointmentFilter
    ordering_fields = {"newest": "created_at", "starts_at": "starts_at"}
    ordering = ["-created_at"]
    tag = "appointments"

    @documented(
        summary="List a customer's appointments",
        operation_id="appointments_customer",
        answer=None,
        errors=(404,),
    )
    def list(self, request: Request, customer_id: UUID) -> Response:
        """List a customer's appointments.

        The customer sees all of theirs, a builder's people those with the builder, staff all.
        Everybody else gets a 404.
        """
        reader = caller_of(request)
        return self.listed(appointments_of_customer(reader=reader, customer_id=customer_id))


class AppointmentCalendarView(APIView):
    """An appointment as a file for calendars."""

    queryset = Appointment.objects.none()
    permission_classes = [IsSignedIn]
    tag = "appointments"

    def get_queryset(self) -> Any:
        return Appointment.objects.visible_to(self.request.user).with_people()

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever a calendar accepts, it gets the file, or a problem document."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(responses={(200, CONTENT_TYPE): OpenApiTypes.STR})
    @documented(
        summary="Get an appointment for your calendar",
        operation_id="appointments_calendar",
        answer=CALENDAR,
        errors=(404,),
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """Get an appointment for your calendar.

        An iCalendar file with one event, whose UID stays the same when the appointment is moved.
        """
        text = calendar_file(appointment=self.get_object(), reader=caller_of(request))
        return HttpResponse(
            text,
            content_type=f"{CONTENT_TYPE}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{NAME}"'},
        )
