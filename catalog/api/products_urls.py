"""Addresses of products, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from catalog.api.views import own_products, product_map, products

router = SimpleRouter(use_regex_path=False)
router.register("products", products.ProductViewSet, basename="product")

urlpatterns = [
    path("products/map/", product_map.ProductMapView.as_view({"get": "list"})),
    path("products/mine/", own_products.OwnProductsView.as_view({"get": "list"})),
    path("products/liked/", own_products.LikedProductsView.as_view({"get": "list"})),
    path(
        "products/<uuid:product_id>/like/",
        products.ProductLikeView.as_view({"post": "like", "delete": "unlike"}),
    ),
    *router.urls,
]
