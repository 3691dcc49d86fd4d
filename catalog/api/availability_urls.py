"""Addresses of the hours of hosts, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from catalog.api.views import availability

router = SimpleRouter(use_regex_path=False)
router.register(
    "me/availability/exceptions",
    availability.AvailabilityExceptionViewSet,
    basename="availability-exception",
)
router.register(
    "developments/<uuid:development_id>/hosts",
    availability.DevelopmentHostViewSet,
    basename="development-host",
)

urlpatterns = [
    path("me/availability/", availability.AvailabilityView.as_view(), name="availability"),
    *router.urls,
]
