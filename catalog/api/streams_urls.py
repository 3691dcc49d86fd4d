"""Addresses of streams, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from catalog.api.views import media_server, stream_keys, stream_pins, streams

router = SimpleRouter(use_regex_path=False)
router.register("streams", streams.StreamViewSet, basename="stream")
router.register(
    "streams/<uuid:stream_id>/pins", stream_pins.StreamPinViewSet, basename="stream-pin"
)

urlpatterns = [
    path(
        "streams/key/",
        stream_keys.StreamKeyView.as_view({"get": "retrieve", "post": "renew", "delete": "remove"}),
        name="stream-key",
    ),
    path("streams/authorize/", media_server.AuthorizeView.as_view(), name="stream-authorize"),
    path("streams/playback/", media_server.PlaybackView.as_view(), name="stream-playback"),
    *router.urls,
]
