"""What one sells oneself, and what one likes."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.filters.own_products import OwnProductFilter
from catalog.api.serializers.products import ProductSerializer
from catalog.models import Product
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ViewSet


class OwnProductsView(ViewSet):
    """What one sells, in whatever state."""

    queryset = Product.objects.none()
    serializer_class = ProductSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = OwnProductFilter
    tag = "products"

    def get_queryset(self) -> Any:
        user = self.request.user
        return Product.objects.of_seller(user).with_page(user).order_by("-created_at", "-pk")

    @documented(summary="List what you sell", operation_id="products_mine")
    def list(self, request: Request) -> Response:
        """List what you sell, drafts and what was sold or removed included, newest first."""
        return self.listed(self.get_queryset())


class LikedProductsView(ViewSet):
    """What one likes."""

    queryset = Product.objects.none()
    serializer_class = ProductSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    tag = "products"

    def get_queryset(self) -> Any:
        user = self.request.user
        seen = Product.objects.visible_to(user).liked_by(user).with_page(user)
        return seen.order_by("-created_at", "-pk")

    @documented(summary="List what you like", operation_id="products_liked")
    def list(self, request: Request) -> Response:
        """List the products that you like, newest first, what was sold since included."""
        return self.listed(self.get_queryset())
