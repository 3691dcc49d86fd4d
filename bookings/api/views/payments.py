"""Payments: beginning them, following them, and money that comes outside the gateway."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.serializers.buildings import RefusalSerializer
from bookings.api import payment_examples as examples
from bookings.api.filters.payments import PaymentFilter
from bookings.api.serializers.payments import (
    ClientSecretSerializer,
    FeeInputSerializer,
    FeeSerializer,
    OfflineConfirmationSerializer,
    PaymentInputSerializer,
    PaymentSerializer,
    SimulationSerializer,
)
from bookings.api.serializers.refunds import RefundInputSerializer, RefundSerializer
from bookings.api.throttles import PaymentThrottle
from bookings.models import Payment
from bookings.services.intents import client_side
from bookings.services.offline import confirm_offline, decline_offline
from bookings.services.payments import begin_payment
from bookings.services.refunds import request_refund
from bookings.services.sale_fees import quote_fee
from bookings.services.simulation import simulate
from config.shared.idempotency import HEADER
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet


class PaymentViewSet(ReadOnlyViewSet):
    """What the caller pays, and what a builder is paid for whom the caller acts with customers."""

    queryset = Payment.objects.none()
    serializer_class = PaymentSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = PaymentFilter
    ordering_fields = {"newest": "created_at"}
    ordering = ["-created_at"]
    tag = "payments"

    def get_queryset(self) -> Any:
        return Payment.objects.visible_to(self.request.user).with_parties()

    def get_throttles(self) -> list[Any]:
        return [PaymentThrottle()] if self.action in {"create", "simulate"} else []

    def shown(self, payment: Payment, *, status: int | None = None) -> Response:
        """The payment as it is read."""
        return self.answer(Payment.objects.with_parties().get(pk=payment.pk), status=status)

    def client_key(self, values: dict[str, Any]) -> str:
        """The caller's own name for the payment; without one, the request's key stands for it."""
        key = self.request.headers.get(HEADER, "")
        return values.pop("client_key", "") or f"key:{sha256(key.encode()).hexdigest()}"

    @documented(summary="List payments")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List payments.

        What you pay, and what a builder is paid for whom you act with customers, the newest first.
        """
        return super().list(request, *args, **kwargs)

    @documented(summary="Get a payment", answer=examples.COMPLETED)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Get a payment. It follows what the gateway says; ask again after a while."""
        return super().retrieve(request, *args, **kwargs)

    @documented(
        takes=PaymentInputSerializer,
        status=201,
        example=examples.PAY,
        answer=examples.PAYMENT,
        idempotency="required",
        stepwise=True,
        errors=(503,),
    )
    def create(self, request: Request) -> Response:
        """Begin to pay an instalment.

        For the booking's customer. Without an `amount` all that is left is paid; a deposit is
        paid in one piece, anything else also in parts. By card, ask for the `client-secret` next
        and pay with the gateway's form; the state follows when the gateway says so. Another
        method announces the money, which the builder confirms once it is there. When the gateway
        does not answer (503), send the same request again: the time for a deposit is extended.
        """
        values = self.validated()
        key = self.client_key(values)
        made = begin_payment(payer=caller_of(request), client_key=key, **values)
        return self.shown(made, status=201)

    @action(detail=True, methods=["post"], url_path="client-secret")
    @documented(
        gives=ClientSecretSerializer,
        status=200,
        answer=examples.SECRET,
        idempotency="exempt",
        errors=(503,),
    )
    def client_secret(self, request: Request, pk: UUID) -> Response:
        """Get what the gateway's form needs.

        For the payer. It is asked of the gateway each time and stored nowhere; do not log it.
        """
        return self.answer(client_side(payment=self.get_object(), actor=caller_of(request)))

    @action(detail=True, methods=["post"])
    @documented(
        takes=SimulationSerializer,
        example={"outcome": "succeed"},
        answer=examples.COMPLETED,
        stepwise=True,
        errors=(503,),
    )
    def simulate(self, request: Request, pk: UUID) -> Response:
        """Play the payer at the test gateway.

        For the payer, and only where the test gateway is in use. The attempt succeeds, is
        declined, or is being processed; the gateway's signed message does the rest, as a real
        one's would.
        """
        found = self.get_object()
        done = simulate(payment=found, actor=caller_of(request), **self.validated())
        return self.shown(done)

    @action(detail=True, methods=["post"], url_path="confirm-offline")
    @documented(
        takes=OfflineConfirmationSerializer,
        example=examples.CONFIRMATION,
        answer=examples.CONFIRMED,
        idempotency="required",
    )
    def confirm_offline(self, request: Request, pk: UUID) -> Response:
        """Confirm money that came outside the gateway.

        For the builder's finance and for staff, with the reference of the transfer or the
        cheque; never for whoever paid.
        """
        found = self.get_object()
        done = confirm_offline(payment=found, actor=caller_of(request), **self.validated())
        return self.shown(done)

    @action(detail=True, methods=["post"], url_path="decline-offline")
    @documented(takes=RefusalSerializer, example=examples.NOT_RECEIVED, answer=examples.TRANSFER)
    def decline_offline(self, request: Request, pk: UUID) -> Response:
        """Say that announced money has not come. For the builder's finance and for staff."""
        found = self.get_object()
        done = decline_offline(payment=found, actor=caller_of(request), **self.validated())
        return self.shown(done)

    @action(detail=True, methods=["post"])
    @documented(
        takes=RefundInputSerializer,
        gives=RefundSerializer,
        status=201,
        example=examples.GIVE_BACK,
        answer=examples.REFUND,
        idempotency="required",
    )
    def refund(self, request: Request, pk: UUID) -> Response:
        """Give money back.

        For the builder's finance and for staff. Above the limit (setting `second_person_above`)
        somebody else has to approve it. Never more goes back than came in.
        """
        found = self.get_object()
        made = request_refund(payment=found, actor=caller_of(request), **self.validated())
        return self.answer(made)

    @action(detail=False, methods=["post"])
    @documented(
        takes=FeeInputSerializer,
        gives=FeeSerializer,
        status=200,
        example=examples.FEES,
        answer=examples.FEES_ANSWER,
    )
    def fees(self, request: Request) -> Response:
        """Calculate the platform's fee on a payment.

        Nothing is paid and nothing is stored. For a sale, name the `product` or the `feed_type`:
        neighbours buy at the rate of the community, everybody else at that of discover. The payer
        pays no more than the amount; the payee bears the fee.
        """
        return self.answer(quote_fee(actor=caller_of(request), **self.validated()))
