"""Products on a map."""

from typing import Any

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import feed_examples as examples
from catalog.api.filters.products import ProductMapFilter
from catalog.api.serializers.product_cards import HeapSerializer
from catalog.models import Product
from catalog.services.product_map import MOST_HEAPS
from config.shared.filters import FilterBackend
from config.shared.geojson import GEOJSON_RENDERERS
from config.shared.operations import documented
from config.shared.permissions import PublicRead
from config.shared.viewsets import ViewSet


class HeapPagination(BasePagination):
    """One page: the largest heaps."""

    parameter_names = ()

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The heaps, in one query."""
        return list(queryset[:MOST_HEAPS])

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope as it stands in the schema."""
        results = {**schema, "maxItems": MOST_HEAPS}
        return {"type": "object", "required": ["results"], "properties": {"results": results}}


class ProductMapView(ViewSet):
    """The feeds on a map."""

    queryset = Product.objects.none()
    serializer_class = HeapSerializer
    permission_classes = [PublicRead]
    pagination_class = HeapPagination
    filter_backends = [FilterBackend]
    filterset_class = ProductMapFilter
    renderer_classes = GEOJSON_RENDERERS
    tag = "products"

    @documented(summary="Map products", operation_id="products_map", answer=examples.MAP)
    def list(self, request: Request) -> Response:
        """Get the products in a box of a map, heaped by squares that shrink with the zoom.

        Squares are made of public cells, so that no zoom shows where something is. The newest
        5,000 products count, and the 500 largest heaps are given.
        """
        return self.listed(Product.objects.all())
