"""Refunds: who approves them, and what becomes of them."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.serializers.buildings import RefusalSerializer
from bookings.api import payment_examples as examples
from bookings.api.filters.payments import RefundFilter
from bookings.api.serializers.refunds import RefundNoteSerializer, RefundSerializer
from bookings.models import Refund
from bookings.services.carrying_out import confirm_refund_paid, retry_refund
from bookings.services.refunds import approve_refund, reject_refund
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet


class RefundViewSet(ReadOnlyViewSet):
    """Money that goes back, of the payments that the caller may see."""

    queryset = Refund.objects.none()
    serializer_class = RefundSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = RefundFilter
    ordering_fields = {"newest": "created_at"}
    ordering = ["-created_at"]
    tag = "payments"

    def get_queryset(self) -> Any:
        return Refund.objects.visible_to(self.request.user).with_payment()

    def shown(self, refund: Refund) -> Response:
        """The refund as it is read."""
        return self.answer(Refund.objects.with_payment().get(pk=refund.pk))

    @documented(summary="List refunds")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List refunds. Those of the payments that you may see, the newest first."""
        return super().list(request, *args, **kwargs)

    @documented(summary="Get a refund", answer=examples.REFUND)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Get a refund, and where it stands."""
        return super().retrieve(request, *args, **kwargs)

    @action(detail=True, methods=["post"])
    @documented(takes=RefundNoteSerializer, answer=examples.APPROVED, idempotency="required")
    def approve(self, request: Request, pk: UUID) -> Response:
        """Approve a refund above the limit, as a second person.

        For the builder's finance and for staff, but never for whoever asked for it.
        """
        found = self.get_object()
        done = approve_refund(refund=found, actor=caller_of(request), **self.validated())
        return self.shown(done)

    @action(detail=True, methods=["post"])
    @documented(takes=RefusalSerializer, example=examples.REJECTION, answer=examples.REJECTED)
    def reject(self, request: Request, pk: UUID) -> Response:
        """Turn a refund down that waits for a second person; it may also be taken back so."""
        found = self.get_object()
        done = reject_refund(refund=found, actor=caller_of(request), **self.validated())
        return self.shown(done)

    @action(detail=True, methods=["post"])
    @documented(answer={**examples.REFUND, "status": "processing"}, idempotency="required")
    def retry(self, request: Request, pk: UUID) -> Response:
        """Have a refund that failed tried once more. For the builder's finance and for staff."""
        return self.shown(retry_refund(refund=self.get_object(), actor=caller_of(request)))

    @action(detail=True, methods=["post"], url_path="confirm-paid")
    @documented(
        takes=RefundNoteSerializer,
        answer={**examples.REFUND, "status": "completed"},
        idempotency="required",
    )
    def confirm_paid(self, request: Request, pk: UUID) -> Response:
        """Say that a refund was paid by hand.

        For money that had come outside the gateway; by the builder's finance or staff.
        """
        found = self.get_object()
        done = confirm_refund_paid(refund=found, actor=caller_of(request), **self.validated())
        return self.shown(done)
