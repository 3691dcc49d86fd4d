"""Addresses of change requests, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from bookings.api.views import changes

router = SimpleRouter(use_regex_path=False)
router.register("change-requests", changes.ChangeRequestViewSet, basename="change-request")

urlpatterns = router.urls
