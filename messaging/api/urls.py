"""Addresses of messaging, below /api/v1/."""

from django.urls import include, path

urlpatterns = [
    path("", include("messaging.api.conversations_urls")),
    path("", include("messaging.api.notifications_urls")),
    path("", include("messaging.api.reports_urls")),
    path("", include("messaging.api.realtime_urls")),
]
