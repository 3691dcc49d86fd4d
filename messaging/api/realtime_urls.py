"""Addresses of tickets and events, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from messaging.api.views import realtime

urlpatterns: list[URLPattern | URLResolver] = [
    path("realtime/ticket/", realtime.TicketView.as_view(), name="realtime-ticket"),
    path("realtime/events/", realtime.EventsView.as_view(), name="realtime-events"),
]
