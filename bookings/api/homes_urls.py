"""Addresses of bookings, waiting lists and claims, below /api/v1/."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from bookings.api.views import bookings, waitlist

router = SimpleRouter(use_regex_path=False)
router.register("bookings", bookings.BookingViewSet, basename="booking")
router.register(
    "bookings/customer/<uuid:customer_id>",
    bookings.CustomerBookingsViewSet,
    basename="customer-booking",
)
router.register("waitlist", waitlist.MyWaitlistViewSet, basename="waitlist")
router.register("units/<uuid:unit_id>/claims", waitlist.UnitClaimsViewSet, basename="unit-claim")

ON_THE_LIST: dict[str, Any] = {"get": "list", "post": "create", "delete": "destroy"}

urlpatterns = [
    path(
        "units/<uuid:unit_id>/waitlist/",
        waitlist.UnitWaitlistViewSet.as_view(ON_THE_LIST),
        name="unit-waitlist",
    ),
    *router.urls,
]
