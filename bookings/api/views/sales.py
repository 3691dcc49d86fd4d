"""Sales: buying, paying, and what becomes of them."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.models import User
from bookings.api import sale_examples as examples
from bookings.api.filters.sales import TransactionFilter
from bookings.api.offer_examples import CANCEL
from bookings.api.serializers.bookings import LeavingSerializer
from bookings.api.serializers.refunds import RefundSerializer
from bookings.api.serializers.sales import (
    CashSaleSerializer,
    PayingSerializer,
    PayoutAccountSerializer,
    PurchaseSerializer,
    SaleRefundSerializer,
    SoldProductSerializer,
    TransactionSerializer,
)
from bookings.api.throttles import OfferThrottle, PaymentThrottle
from bookings.api.views.sale_handovers import HandoverActions
from bookings.models import Transaction
from bookings.services.cash_sales import confirm_sale, sell_for_cash
from bookings.services.payout_accounts import open_payout_account
from bookings.services.relisting import relist_product
from bookings.services.reservations import cancel_reservation
from bookings.services.sale_payments import buy_product, pay_sale
from bookings.services.sale_refunds import refund_sale
from bookings.services.subjects import sale_of
from catalog.models import Product
from config.shared.idempotency import HEADER
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet, ViewSet


class TransactionViewSet(HandoverActions, ReadOnlyViewSet):
    """The sales in which the caller buys or sells."""

    queryset = Transaction.objects.none()
    serializer_class = TransactionSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = TransactionFilter
    ordering_fields = {"newest": "created_at"}
    ordering = ["-created_at"]
    tag = "transactions"

    def get_queryset(self) -> Any:
        return Transaction.objects.visible_to(self.request.user).with_details()

    def get_throttles(self) -> list[Any]:
        limited = {"create", "pay", "handover", "dispute"}
        return [PaymentThrottle()] if self.action in limited else super().get_throttles()

    def shown(self, sale: Transaction, *, status: int | None = None) -> Response:
        """The sale as it is read after what was done to it."""
        return self.answer(Transaction.objects.with_details().get(pk=sale.pk), status=status)

    def client_key(self, values: dict[str, Any]) -> str:
        """The caller's own name for the payment; without one, the request's key stands for it."""
        key = self.request.headers.get(HEADER, "")
        return values.pop("client_key", "") or f"key:{sha256(key.encode()).hexdigest()}"

    @documented(summary="List sales")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List sales. Those in which you buy or sell, the newest first."""
        return super().list(request, *args, **kwargs)

    @documented(summary="Get a sale", answer=examples.HELD)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Get a sale.

        Where its money is, what the gateway calls it, and for buyer and seller of a paid or agreed
        sale the exact place where they meet.
        """
        return super().retrieve(request, *args, **kwargs)

    @documented(
        takes=PurchaseSerializer,
        summary="Buy a product",
        status=201,
        example=examples.BUY,
        answer=examples.PENDING,
        idempotency="required",
        stepwise=True,
        errors=(503,),
    )
    def create(self, request: Request) -> Response:
        """Buy a product at its price.

        It is reserved for you for some minutes, and a payment begins: ask
        `payments/{payment}/client-secret/` next and pay with the gateway's form. Of all who buy at
        once one gets it; the others get a 409 `already_claimed` with when it may be free.
        """
        values = self.validated()
        key = self.client_key(values)
        begun = buy_product(buyer=caller_of(request), client_key=key, **values)
        return self.shown(sale_of(begun), status=201)

    @action(detail=True, methods=["post"])
    @documented(
        takes=PayingSerializer,
        example={"client_key": "my-sideboard"},
        answer=examples.PENDING,
        idempotency="required",
        stepwise=True,
        errors=(503,),
    )
    def pay(self, request: Request, pk: UUID) -> Response:
        """Begin to pay for what is reserved for you, by an accepted offer or by the seller.

        For the buyer, before `reserved_until`. A payment that is open already is gone on with.
        """
        values, sale = self.validated(), self.get_object()
        key = self.client_key(values)
        begun = pay_sale(sale=sale, buyer=caller_of(request), client_key=key)
        return self.shown(sale_of(begun))

    @action(detail=True, methods=["post"])
    @documented(takes=LeavingSerializer, example=CANCEL, answer=examples.CANCELLED)
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Give up a reservation that is not paid; the product is for sale again.

        For the buyer, and for the seller with a reason. Once it is paid, a 409 `reservation_paid`
        says so: then there are disputes and refunds.
        """
        sale, actor = self.get_object(), caller_of(request)
        return self.shown(cancel_reservation(transaction=sale, actor=actor, **self.validated()))

    @action(detail=True, methods=["post"])
    @documented(answer=examples.RELEASED)
    def confirm(self, request: Request, pk: UUID) -> Response:
        """Confirm that you have the thing, as its buyer.

        Held money is released to the seller. Where the seller said that it was paid in cash, this
        is your word for it, and the thing is sold.
        """
        return self.shown(confirm_sale(sale=self.get_object(), actor=caller_of(request)))

    @action(detail=True, methods=["post"])
    @documented(
        takes=SaleRefundSerializer,
        gives=RefundSerializer,
        status=201,
        example=examples.GIVE_BACK,
        answer=examples.REFUND,
        idempotency="required",
    )
    def refund(self, request: Request, pk: UUID) -> Response:
        """Give the money back, all or a part.

        For the seller, and for staff who may; not while the sale is disputed. The platform gives
        its fee back in proportion. Above the limit somebody else has to approve it.
        """
        sale, actor = self.get_object(), caller_of(request)
        return self.answer(refund_sale(sale=sale, actor=actor, **self.validated()))


class ProductSaleViewSet(ViewSet):
    """The sale of one product in cash."""

    queryset = Transaction.objects.none()
    serializer_class = TransactionSerializer
    permission_classes = [IsSignedIn]
    throttle_classes = [OfferThrottle]
    tag = "transactions"

    @documented(
        takes=CashSaleSerializer,
        operation_id="products_sold",
        summary="Say that a product was sold for cash",
        status=200,
        example=examples.SOLD_FOR_CASH,
        answer=examples.CASH,
        errors=(403, 404, 409),
    )
    def sold(self, request: Request, product_id: UUID) -> Response:
        """Say that somebody paid you for a product in cash.

        For the seller, and a buyer who has it reserved, has asked about it or made an offer. The
        buyer confirms it (`transactions/{id}/confirm/`); what they do not confirm in time lapses.
        No money passes through here, so that there is no fee.
        """
        product = get_object_or_404(Product.objects.visible_to(request.user), pk=product_id)
        sale = sell_for_cash(product=product, actor=caller_of(request), **self.validated())
        return self.answer(Transaction.objects.with_details().get(pk=sale.pk))


class ProductRelistingViewSet(ViewSet):
    """A product whose sale was given back, for sale again."""

    queryset = Transaction.objects.none()
    serializer_class = SoldProductSerializer
    permission_classes = [IsSignedIn]
    tag = "transactions"

    @documented(
        operation_id="products_relist",
        summary="Offer a product again",
        status=200,
        answer={"title": "Walnut sideboard", "status": "active"},
        errors=(403, 404, 409),
    )
    def relist(self, request: Request, product_id: UUID) -> Response:
        """Offer a sold product again, as its seller, after its sale was given back in full."""
        product = get_object_or_404(Product.objects.visible_to(request.user), pk=product_id)
        return self.answer(relist_product(product=product, actor=caller_of(request)))


class PayoutAccountViewSet(ViewSet):
    """The account at the gateway that the caller is paid to."""

    queryset = User.objects.none()
    serializer_class = PayoutAccountSerializer
    permission_classes = [IsSignedIn]
    tag = "payments"

    @documented(
        operation_id="payments_payout_account",
        summary="Open an account for payouts",
        status=200,
        answer=examples.ACCOUNT,
        idempotency="exempt",
        errors=(503,),
    )
    def open(self, request: Request) -> Response:
        """Open the account that you are paid to, or come back to it.

        At Stripe, go to `onboarding_url` and fill in what it needs; the link works for some
        minutes. Money that waited for an account is sent on.
        """
        return self.answer(open_payout_account(seller=caller_of(request)))
