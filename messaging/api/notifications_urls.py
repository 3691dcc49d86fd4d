"""Addresses of notifications and preferences, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from messaging.api.views import notifications, preferences, push

router = SimpleRouter(use_regex_path=False)
router.register("notifications", notifications.NotificationViewSet, basename="notification")
router.register("push-subscriptions", push.PushSubscriptionViewSet, basename="push-subscription")

urlpatterns = [
    path(
        "notification-preferences/",
        preferences.PreferencesView.as_view(),
        name="notification-preferences",
    ),
    *router.urls,
]
