"""Reservations of a product: kept by the seller for somebody, and asked for in vain."""

from uuid import UUID

from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api.offer_examples import RESERVE, RESERVED
from bookings.api.serializers.offers import ReservationSerializer, ReserveSerializer
from bookings.api.serializers.waitlist import ClaimSerializer
from bookings.api.throttles import OfferThrottle
from bookings.models import ClaimLog, Transaction
from bookings.services.reservations import reserve_product
from catalog.models import Product
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ViewSet


class OfProductViewSet(ViewSet):
    """Something about one product that the caller sees."""

    permission_classes = [IsSignedIn]
    tag = "offers"

    def product(self) -> Product:
        """The product that the path names."""
        visible = Product.objects.visible_to(self.request.user)
        found: Product = get_object_or_404(visible, pk=self.kwargs["product_id"])
        return found


class ProductReservationViewSet(OfProductViewSet):
    """Reservations of one product."""

    queryset = Transaction.objects.none()
    serializer_class = ReservationSerializer
    throttle_classes = [OfferThrottle]

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
        product, actor = self.product(), caller_of(request)
        return self.answer(reserve_product(product=product, actor=actor, **self.validated()))


class ProductClaimsViewSet(OfProductViewSet):
    """The caller's own claims to a product."""

    queryset = ClaimLog.objects.none()
    serializer_class = ClaimSerializer
    pagination_class = CursorPagination
    ordering = ["-asked_at"]

    @documented(
        summary="List your claims to a product", operation_id="products_claims", errors=(404,)
    )
    def list(self, request: Request, product_id: UUID) -> Response:
        """What came of each time the caller reserved a product, or came too late for it.

        Newest first. Who else asked is not shown; one's place among them is.
        """
        own = ClaimLog.objects.of_product(self.request.user, self.product())
        return self.listed(own.with_place())
