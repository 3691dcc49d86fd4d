"""Receipts and statements, as PDF."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from bookings.models import Booking, Payment
from bookings.services.documents import CONTENT_TYPE, Document
from bookings.services.receipts import receipt_of
from bookings.services.statements import statement_of
from config.shared.operations import documented
from config.shared.parameters import refuse_unknown
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import APIView


class PaperView(APIView):
    """A paper of somebody's, which no cache may keep."""

    permission_classes = [IsSignedIn]
    tag = "payments"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever a reader accepts, it gets the file, or a problem document."""
        return super().perform_content_negotiation(request, force=True)

    def sent(self, document: Document) -> HttpResponse:
        """The answer with ``document``."""
        return HttpResponse(
            document.content,
            content_type=CONTENT_TYPE,
            headers={
                "Content-Disposition": f'attachment; filename="{document.name}"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )


class ReceiptView(PaperView):
    """The receipt of a payment."""

    queryset = Payment.objects.none()

    def get_queryset(self) -> Any:
        return Payment.objects.visible_to(self.request.user).with_papers()

    @extend_schema(responses={(200, CONTENT_TYPE): OpenApiTypes.BINARY})
    @documented(summary="Get a receipt", operation_id="payments_receipt", errors=(404, 409))
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """Get a receipt.

        A PDF, once the money has arrived. For the payer, the builder's team and staff.
        """
        refuse_unknown(request, (), ())
        return self.sent(receipt_of(payment=self.get_object()))


class StatementView(PaperView):
    """The statement of a booking's account."""

    queryset = Booking.objects.none()

    def get_queryset(self) -> Any:
        seen = Booking.objects.visible_to(self.request.user)
        return seen.select_related("unit", "development", "builder", "customer")

    @extend_schema(responses={(200, CONTENT_TYPE): OpenApiTypes.BINARY})
    @documented(summary="Get a statement", operation_id="bookings_statement", errors=(404,))
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """Get a statement.

        A PDF with every instalment, payment and refund of a booking, and what is left to pay.
        """
        refuse_unknown(request, (), ())
        return self.sent(statement_of(booking=self.get_object()))
