"""Products: what neighbours sell, and what sellers do with it."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of, maybe_caller_of
from catalog.api import feed_examples
from catalog.api import product_examples as examples
from catalog.api.filters.products import ProductFilter
from catalog.api.serializers.product_cards import ProductCardSerializer
from catalog.api.serializers.products import (
    LikeStateSerializer,
    ProductInputSerializer,
    ProductSerializer,
    ProductUpdateSerializer,
    RemovalSerializer,
    ViewsSerializer,
)
from catalog.api.throttles import LikingThrottle, LookingThrottle, SellingThrottle
from catalog.models import Product
from catalog.services.product_likes import like_product, unlike_product, view_product
from catalog.services.product_moves import publish_product, remove_product
from catalog.services.products import create_product, update_product
from catalog.services.stream_viewers import visitor_of
from config.shared.conditional import ConditionalWritesMixin
from config.shared.filters import FilterBackend
from config.shared.geojson import GEOJSON_RENDERERS
from config.shared.middleware import client_address
from config.shared.operations import Idempotency, documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import Public, PublicRead
from config.shared.renderers import JSONRenderer
from config.shared.viewsets import ReadOnlyViewSet


class ProductViewSet(ConditionalWritesMixin, ReadOnlyViewSet):
    """Things that people sell to their neighbours, or to whoever lives near.

    Everybody sees what is offered to all; the verified residents of a building see its own feed
    as well. What is sold keeps its page.
    """

    queryset = Product.objects.none()
    serializer_class: Any = ProductSerializer
    permission_classes = [PublicRead]
    pagination_class = CursorPagination
    filter_backends = [FilterBackend]
    filterset_class = ProductFilter
    tag = "products"

    def get_renderers(self) -> list[Any]:
        shown = GEOJSON_RENDERERS if self.action == "list" else [JSONRenderer]
        return [kind() for kind in shown]

    def get_queryset(self) -> Any:
        user = self.request.user
        return Product.objects.visible_to(user).with_page(user)

    def get_throttles(self) -> list[Any]:
        return [SellingThrottle()] if self.action == "create" else super().get_throttles()

    def shown(self, product: Product, *, status: int | None = None) -> Response:
        """``product`` as it is read after what was done to it."""
        return self.answer(get_object_or_404(self.get_queryset(), pk=product.pk), status=status)

    @documented(summary="List products", gives=ProductCardSerializer, answer=feed_examples.PAGE)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the products in a feed.

        `discover`, what is offered to everybody, or `community`, what neighbours offer in the
        buildings whose verified resident the caller is. The orders by distance, by relevance and
        by `why` weigh the first 1,000: the nearest ones, or the newest that match.
        """
        return self.listed(Product.objects.all())

    @documented(summary="Get a product")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request)

    @documented(takes=ProductInputSerializer, status=201, example=examples.NEW)
    def create(self, request: Request) -> Response:
        """Sell something.

        As a draft, or for all to see at once. The feed of a building is for its verified
        residents; with `also_discover` others see it after them.
        """
        values = self.validated()
        published = values.pop("is_published")
        made = create_product(seller=caller_of(request), values=values, is_published=published)
        return self.shown(made, status=201)

    @documented(takes=ProductUpdateSerializer, example=examples.CHANGED)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is said of your product.

        Refused with `price_fixed` for the price of what somebody has reserved, and with
        `product_closed` for what is sold or removed.
        """
        with self.to_change() as product:
            changes = self.validated(product, partial=True)
            update_product(product=product, actor=caller_of(request), changes=changes)
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    @documented()
    def publish(self, request: Request, pk: UUID) -> Response:
        """Offer a draft of yours."""
        return self.shown(publish_product(product=self.get_object(), actor=caller_of(request)))

    @action(detail=True, methods=["post"])
    @documented(takes=RemovalSerializer, nothing=True, example=examples.REMOVED)
    def remove(self, request: Request, pk: UUID) -> Response:
        """Take a product of yours down for good.

        Open offers and a reservation that is not paid end with it. Refused while somebody has
        paid for it and not got it yet.
        """
        product, actor = self.get_object(), caller_of(request)
        remove_product(product=product, actor=actor, **self.validated())
        return self.answer()

    @action(
        detail=True,
        methods=["post"],
        permission_classes=[Public],
        throttle_classes=[LikingThrottle, LookingThrottle],
    )
    @documented(
        gives=ViewsSerializer, answer=examples.VIEWED, idempotency=Idempotency.EXEMPT, status=200
    )
    def view(self, request: Request, pk: UUID) -> Response:
        """Say that you look at a product. It is counted once a day for each person or browser."""
        product, viewer = self.get_object(), maybe_caller_of(request)
        agent = request.headers.get("User-Agent", "")
        visitor = visitor_of(address=client_address(request), agent=agent)
        view_product(product=product, viewer=viewer, visitor=visitor)
        return self.answer(self.get_object())


class ProductLikeView(ProductViewSet):
    """Whether one likes a product."""

    serializer_class: Any = LikeStateSerializer
    throttle_classes = [LikingThrottle]
    lookup_url_kwarg = "product_id"
    conditional_writes = False

    @documented(
        summary="Like a product", operation_id="products_like", answer=examples.LIKED, status=200
    )
    def like(self, request: Request, product_id: UUID) -> Response:
        """Like a product; doing it again changes nothing."""
        like_product(product=self.get_object(), user=caller_of(request))
        return self.answer(self.get_object())

    @documented(operation_id="products_unlike", nothing=True)
    def unlike(self, request: Request, product_id: UUID) -> Response:
        """Like a product no more; doing it again changes nothing."""
        unlike_product(product=self.get_object(), user=caller_of(request))
        return self.answer()
