"""Addresses of instalments, exports and figures, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from bookings.api.views import instalments

router = SimpleRouter(use_regex_path=False)
router.register("instalments", instalments.InstalmentViewSet, basename="instalment")

urlpatterns = [
    path(
        "bookings/<uuid:booking_id>/instalments/",
        instalments.BookingInstalmentsView.as_view({"get": "list"}),
        name="booking-instalments",
    ),
    *router.urls,
]
