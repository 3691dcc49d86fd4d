"""Offers: making one, and answering it."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api.filters.offers import OfferFilter
from bookings.api.offer_examples import (
    ACCEPTED,
    COUNTER,
    COUNTERED,
    DECLINED,
    MADE,
    OFFER,
    WITHDRAWN,
)
from bookings.api.serializers.offers import (
    OfferChainSerializer,
    OfferInputSerializer,
    OfferSerializer,
    PriceSerializer,
)
from bookings.api.throttles import OfferThrottle
from bookings.models import Offer
from bookings.services.offer_pages import offer_page
from bookings.services.offers import (
    accept_offer,
    counter_offer,
    decline_offer,
    make_offer,
    withdraw_offer,
)
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet

GIVES = OfferChainSerializer


class OfferViewSet(ReadOnlyViewSet):
    """Offers: those that one made, and those that one was made."""

    queryset = Offer.objects.none()
    serializer_class = OfferSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = OfferFilter
    ordering = ["-created_at"]
    tag = "offers"

    def get_queryset(self) -> Any:
        return Offer.objects.visible_to(self.request.user).with_details()

    def get_throttles(self) -> list[Any]:
        return [OfferThrottle()] if self.action in {"create", "counter"} else []

    def shown(self, offer: Offer, *, status: int | None = None) -> Response:
        """``offer`` with its bargaining, as it is read after what was done to it."""
        reader = caller_of(self.request)
        return self.answer(offer_page(reader=reader, offer_id=offer.pk), status=status)

    @documented(summary="List offers")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The caller's offers as buyer and as seller, newest first; each move is one of its own."""
        return super().list(request)

    @documented(summary="Get an offer", gives=GIVES, answer=MADE)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """An offer with every move of the bargaining that it is part of."""
        return self.shown(self.get_object())

    @documented(
        takes=OfferInputSerializer,
        gives=GIVES,
        summary="Make an offer",
        status=201,
        idempotency="required",
        example=OFFER,
        answer=MADE,
        errors=(403, 409, 429),
    )
    def create(self, request: Request) -> Response:
        """Offer a price for a product, as a buyer with a verified phone number.

        It stands in the conversation with the seller and waits for an answer. Between the two
        there is one open offer per product (409 `offer_open`); bids only rise, and none is above
        the price. What is reserved or sold is a 409 `product_unavailable`. A buyer begins to
        bargain about a product so many times a day (429 `offer_limit_reached`).
        """
        return self.shown(make_offer(buyer=caller_of(request), **self.validated()), status=201)

    @action(detail=True, methods=["post"])
    @documented(gives=GIVES, answer=ACCEPTED, idempotency="required", errors=(403, 409))
    def accept(self, request: Request, pk: UUID) -> Response:
        """Accept an offer. For the other side of whoever made it.

        The product is reserved for the buyer for some hours; other offers stay open until it is
        paid. If somebody else was quicker, a 409 `already_claimed` says when it may be free; if the
        product costs less by now, a 409 `price_came_down` says what.
        """
        return self.shown(accept_offer(offer=self.get_object(), actor=caller_of(request)))

    @action(detail=True, methods=["post"])
    @documented(gives=GIVES, answer=DECLINED, errors=(403, 409))
    def decline(self, request: Request, pk: UUID) -> Response:
        """Decline an offer. For the other side of whoever made it."""
        return self.shown(decline_offer(offer=self.get_object(), actor=caller_of(request)))

    @action(detail=True, methods=["post"])
    @documented(
        takes=PriceSerializer,
        gives=GIVES,
        status=201,
        example=COUNTER,
        answer=COUNTERED,
        idempotency="required",
        errors=(403, 409, 429),
    )
    def counter(self, request: Request, pk: UUID) -> Response:
        """Answer an offer with another price, which is a new offer by the other side.

        Bids of the buyer only rise, asks of the seller only fall. A price that the other side has
        proposed already is a 409 `accept_instead`. After ten moves it is over.
        """
        offer, actor = self.get_object(), caller_of(request)
        return self.shown(counter_offer(offer=offer, actor=actor, **self.validated()), status=201)

    @action(detail=True, methods=["post"])
    @documented(gives=GIVES, answer=WITHDRAWN, errors=(403, 409))
    def withdraw(self, request: Request, pk: UUID) -> Response:
        """Take an offer back. For whoever made it, before it is answered."""
        return self.shown(withdraw_offer(offer=self.get_object(), actor=caller_of(request)))
