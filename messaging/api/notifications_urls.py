"""Addresses of notifications and preferences, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from messaging.api.views import notifications

router = SimpleRouter(use_regex_path=False)
router.register("notifications", notifications.NotificationViewSet, basename="notification")

urlpatterns = [
    *router.urls,
]
