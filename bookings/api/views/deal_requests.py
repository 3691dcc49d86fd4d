"""Cancellations and transfers, and the decisions on them."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api.filters.deals import CancellationFilter, TransferFilter
from bookings.api.serializers.deals import (
    CancellationSerializer,
    DecisionSerializer,
    RejectionSerializer,
    TransferSerializer,
)
from bookings.models import CancellationRequest, TransferRequest
from bookings.services.cancellations import (
    approve_cancellation,
    reject_cancellation,
    withdraw_cancellation,
)
from bookings.services.transfers import (
    accept_transfer,
    approve_transfer,
    decline_transfer,
    reject_transfer,
    withdraw_transfer,
)
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet

NOTE = {"note": "As agreed on the phone."}
REFUSAL = {"reason": "The contract has a fixed term."}
APPROVED = {"reference": "BK-2026-000123", "status": "approved", "refund_amount": "50000.00"}
REJECTED = {"status": "rejected", "decision_note": REFUSAL["reason"]}
WITHDRAWN = {"status": "withdrawn"}
ACCEPTED = {"status": "accepted", "accepted_at": "2026-11-28T09:30:00Z"}
DECLINED = {"status": "declined"}
PASSED_ON = {"status": "approved", "new_booking": "0199c3a4-7d82-7e4a-9b6c-3f4d5e6f7081"}


class CancellationViewSet(ReadOnlyViewSet):
    """Wishes to leave a booking: one's own, and those made to a builder one acts for."""

    queryset = CancellationRequest.objects.none()
    serializer_class = CancellationSerializer
    permission_classes = [IsSignedIn]
    filterset_class = CancellationFilter
    pagination_class = CursorPagination
    ordering = ["-id"]
    tag = "bookings"

    def get_queryset(self) -> Any:
        return CancellationRequest.objects.visible_to(self.request.user).with_people()

    @action(detail=True, methods=["post"])
    @documented(takes=DecisionSerializer, example=NOTE, answer=APPROVED, idempotency="required")
    def approve(self, request: Request, pk: UUID) -> Response:
        """Approve a cancellation.

        For who leads the builder; never one's own. Above a limit the refund needs a second
        person, who approves again. The booking is then cancelled, its unit free, and what is to
        be given back on its way.
        """
        asked = self.get_object()
        return self.answer(
            approve_cancellation(request=asked, actor=caller_of(request), **self.validated())
        )

    @action(detail=True, methods=["post"])
    @documented(takes=RejectionSerializer, example=REFUSAL, answer=REJECTED)
    def reject(self, request: Request, pk: UUID) -> Response:
        """Turn a cancellation down. For who leads the builder; the booking stays as it is."""
        asked = self.get_object()
        return self.answer(
            reject_cancellation(request=asked, actor=caller_of(request), **self.validated())
        )

    @action(detail=True, methods=["post"])
    @documented(answer=WITHDRAWN)
    def withdraw(self, request: Request, pk: UUID) -> Response:
        """Take a cancellation back. For who asked for it, before it is decided."""
        asked = self.get_object()
        return self.answer(withdraw_cancellation(request=asked, actor=caller_of(request)))


class TransferViewSet(ReadOnlyViewSet):
    """Wishes to pass a booking on: one's own, those offered to one, and a builder's."""

    queryset = TransferRequest.objects.none()
    serializer_class = TransferSerializer
    permission_classes = [IsSignedIn]
    filterset_class = TransferFilter
    pagination_class = CursorPagination
    ordering = ["-id"]
    tag = "bookings"

    def get_queryset(self) -> Any:
        return TransferRequest.objects.visible_to(self.request.user).with_people()

    @action(detail=True, methods=["post"])
    @documented(answer=ACCEPTED, idempotency="required")
    def accept(self, request: Request, pk: UUID) -> Response:
        """Agree to take a booking over. For the person to whom it is offered."""
        offered = self.get_object()
        return self.answer(accept_transfer(request=offered, actor=caller_of(request)))

    @action(detail=True, methods=["post"])
    @documented(answer=DECLINED)
    def decline(self, request: Request, pk: UUID) -> Response:
        """Refuse to take a booking over. For the person to whom it is offered."""
        offered = self.get_object()
        return self.answer(decline_transfer(request=offered, actor=caller_of(request)))

    @action(detail=True, methods=["post"])
    @documented(takes=DecisionSerializer, example=NOTE, answer=PASSED_ON, idempotency="required")
    def approve(self, request: Request, pk: UUID) -> Response:
        """Let a booking pass to the new customer.

        For who leads the builder, once the new customer has accepted. The old booking ends as
        transferred; a new one begins as confirmed, at the same price and with the instalments and
        what was paid of them. A contract is signed anew.
        """
        asked = self.get_object()
        return self.answer(
            approve_transfer(request=asked, actor=caller_of(request), **self.validated())
        )

    @action(detail=True, methods=["post"])
    @documented(takes=RejectionSerializer, example=REFUSAL, answer=REJECTED)
    def reject(self, request: Request, pk: UUID) -> Response:
        """Turn a transfer down. For who leads the builder; the booking stays as it is."""
        asked = self.get_object()
        return self.answer(
            reject_transfer(request=asked, actor=caller_of(request), **self.validated())
        )

    @action(detail=True, methods=["post"])
    @documented(answer=WITHDRAWN)
    def withdraw(self, request: Request, pk: UUID) -> Response:
        """Take a transfer back. For who asked for it, before the builder has decided."""
        asked = self.get_object()
        return self.answer(withdraw_transfer(request=asked, actor=caller_of(request)))
