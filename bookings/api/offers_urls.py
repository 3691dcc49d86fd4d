"""Addresses of offers and reservations, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from bookings.api.views import offers, reservations

router = SimpleRouter(use_regex_path=False)
router.register("offers", offers.OfferViewSet, basename="offer")

urlpatterns = [
    path(
        "products/<uuid:product_id>/reserve/",
        reservations.ProductReservationViewSet.as_view({"post": "reserve"}),
        name="product-reserve",
    ),
    path(
        "products/<uuid:product_id>/claims/",
        reservations.ProductClaimsViewSet.as_view({"get": "list"}),
        name="product-claims",
    ),
    *router.urls,
]
