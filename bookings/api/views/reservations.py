"""Reservations: kept by the seller for somebody."""

from typing import Any
from uuid import UUID

from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api.offer_examples import RESERVE, RESERVED
from bookings.api.serializers.offers import ReservationSerializer, ReserveSerializer
from bookings.models import Transaction
from bookings.services.reservations import reserve_product
from catalog.models import Product
from config.shared.operations import documented
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ViewSet


class ProductReservationViewSet(ViewSet):
    """Reservations of one product."""

    queryset = Transaction.objects.none()
    serializer_class = ReservationSerializer
    permission_classes = [IsSignedIn]
    tag = "offers"

    def product(self, pk: UUID) -> Any:
        """The product that the path names, as the caller sees it."""
        return get_object_or_404(Product.objects.visible_to(self.request.user), pk=pk)

    @documented(
        takes=ReserveSerializer,
        operation_id="products_reserve",
        summary="Reserve a product for somebody",
        status=201,
        example=RESERVE,
        answer=RESERVED,
        errors=(403, 404, 409),
    )
    def reserve(self, request: Request, product_id: UUID) -> Response:
        """Keep a product for a buyer for some hours, as its seller.

        The buyer has asked about it or made an offer for it (409 `no_contact` otherwise). If it
        is reserved already, a 409 `already_claimed` says when it may be free.
        """
        product, actor = self.product(product_id), caller_of(request)
        return self.answer(reserve_product(product=product, actor=actor, **self.validated()))
