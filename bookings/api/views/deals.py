"""What becomes of a booking that was paid for: contract, transfer, handover."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api.serializers.bookings import BookingSerializer
from bookings.api.serializers.deals import (
    CancellationTermsSerializer,
    ContractSerializer,
    HandoverSerializer,
    TransferInputSerializer,
    TransferSerializer,
)
from bookings.models import Booking
from bookings.services.cancellation_terms import quote_cancellation
from bookings.services.contracts import sign_contract
from bookings.services.handovers import sign_handover
from bookings.services.transfers import ask_transfer
from config.shared.operations import documented
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ViewSet

DOCUMENT = {"document": "0199c3a4-6c71-7d3f-8a5b-2e3c4d5e6f70"}
CONTRACTED: dict[str, Any] = {
    "reference": "BK-2026-000123",
    "status": "contracted",
    "expires_at": None,
    "contract": DOCUMENT["document"],
    "confirmed_at": "2026-11-20T09:30:00Z",
    "contracted_at": "2026-11-28T12:00:00Z",
}
TERMS = {
    "stage": "confirmed",
    "currency": "AED",
    "paid_amount": "100000.00",
    "kept_percent": "5.00",
    "kept_of": "price",
    "kept_amount": "50000.00",
    "refund_amount": "50000.00",
    "needs_second_person": True,
}
PASSING_ON = {
    "to_customer": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "reason": "My sister buys the home instead.",
}
PASSED_ON = {"reference": "BK-2026-000123", "status": "asked", "new_booking": None}
SIGNATURE = {"note": "Two keys and the meter readings; a scratched door will be mended."}
COMPLETED = {
    **CONTRACTED,
    "status": "completed",
    "handover_builder_at": "2029-07-02T09:00:00Z",
    "handover_customer_at": "2029-07-02T09:20:00Z",
    "completed_at": "2029-07-02T09:20:00Z",
}


class BookingDealsViewSet(ViewSet):
    """What becomes of a booking that was paid for."""

    queryset = Booking.objects.none()
    serializer_class = BookingSerializer
    permission_classes = [IsSignedIn]
    tag = "bookings"

    def get_queryset(self) -> Any:
        return Booking.objects.visible_to(self.request.user).with_details()

    def shown(self, booking: Booking) -> Response:
        """``booking`` as it is read after what was done to it."""
        return self.answer(get_object_or_404(self.get_queryset(), pk=booking.pk))

    @action(detail=True, methods=["post"])
    @documented(
        takes=ContractSerializer, example=DOCUMENT, answer=CONTRACTED, idempotency="required"
    )
    def contract(self, request: Request, pk: UUID) -> Response:
        """Attach the signed contract.

        For those who sell for the builder. The booking is contracted and the unit sold; whoever
        sees the booking may open the document.
        """
        booking = self.get_object()
        return self.shown(
            sign_contract(booking=booking, actor=caller_of(request), **self.validated())
        )

    @action(detail=True, methods=["get"], url_path="cancellation-terms")
    @documented(gives=CancellationTermsSerializer, answer=TERMS, errors=(409,))
    def cancellation_terms(self, request: Request, pk: UUID) -> Response:
        """See what a cancellation would cost now.

        By the terms frozen into the booking and what has been paid of it. Nothing is asked for
        and nothing changes.
        """
        return self.answer(quote_cancellation(booking=self.get_object()))

    @action(detail=True, methods=["post"])
    @documented(
        takes=TransferInputSerializer,
        gives=TransferSerializer,
        status=201,
        example=PASSING_ON,
        answer=PASSED_ON,
        idempotency="required",
    )
    def transfer(self, request: Request, pk: UUID) -> Response:
        """Ask that the booking pass to somebody else.

        For its customer. The new customer accepts, then the builder approves.
        """
        booking = self.get_object()
        return self.answer(
            ask_transfer(booking=booking, actor=caller_of(request), **self.validated())
        )

    @action(detail=True, methods=["post"])
    @documented(
        takes=HandoverSerializer, example=SIGNATURE, answer=COMPLETED, idempotency="required"
    )
    def complete(self, request: Request, pk: UUID) -> Response:
        """Sign the handover.

        The customer signs, and somebody who works on the builder's sites. With the second
        signature the booking is completed and the home handed over: the buyer is a verified
        resident of the building from then on, and a member of its society.
        """
        booking = self.get_object()
        return self.shown(
            sign_handover(booking=booking, actor=caller_of(request), **self.validated())
        )
