"""Sales by the names of their payments, for clients that know these."""

from typing import Any
from uuid import UUID

from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api import sale_examples as examples
from bookings.api.serializers.sales import (
    DisputeInputSerializer,
    TransactionSerializer,
    TypedCodeSerializer,
)
from bookings.api.throttles import PaymentThrottle
from bookings.models import Transaction
from bookings.services.disputes import open_dispute
from bookings.services.handover_codes import hand_over
from config.shared.operations import documented
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ViewSet


class PaidSaleViewSet(ViewSet):
    """The sale that a payment is for."""

    queryset = Transaction.objects.none()
    serializer_class = TransactionSerializer
    permission_classes = [IsSignedIn]
    tag = "payments"

    def sale(self, payment: UUID) -> Transaction:
        """The sale of a payment, as the caller sees it."""
        seen = Transaction.objects.visible_to(self.request.user)
        found: Transaction = get_object_or_404(seen, payments=payment)
        return found

    def get_throttles(self) -> list[Any]:
        return [PaymentThrottle()]

    def shown(self, sale: Transaction) -> Response:
        """The sale as it is read after what was done to it."""
        return self.answer(Transaction.objects.with_details().get(pk=sale.pk))

    @documented(
        takes=TypedCodeSerializer,
        operation_id="payments_handover",
        summary="Type the buyer's code, by the payment",
        status=200,
        example=examples.CODE,
        answer=examples.RELEASED,
        idempotency="exempt",
        errors=(403, 404, 409),
    )
    def handover(self, request: Request, pk: UUID) -> Response:
        """Have the money released. The same as `transactions/{id}/handover/`."""
        sale, actor = self.sale(pk), caller_of(request)
        return self.shown(hand_over(sale=sale, actor=actor, **self.validated()))

    @documented(
        takes=DisputeInputSerializer,
        operation_id="payments_dispute",
        summary="Open a dispute, by the payment",
        status=200,
        example=examples.REASON,
        answer=examples.DISPUTED,
        idempotency="required",
        errors=(403, 404, 409),
    )
    def dispute(self, request: Request, pk: UUID) -> Response:
        """Have the money frozen. The same as `transactions/{id}/dispute/`."""
        sale, actor = self.sale(pk), caller_of(request)
        return self.shown(open_dispute(sale=sale, actor=actor, **self.validated()))
