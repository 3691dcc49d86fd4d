"""Where the WebSocket is, and from which web pages it may be opened."""

from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.urls import path, re_path

from config.shared.origins import origin_of
from messaging.sockets.consumer import LiveConsumer


class OwnOriginValidator(OriginValidator):
    """Lets in the site's own pages and those of the allow-list, and whatever is no web page.

    Native apps send no ``Origin``. There is nothing to protect them from: a socket is opened with
    a ticket and not with a cookie that a browser would add by itself.
    """

    def valid_origin(self, parsed_origin: Any) -> bool:
        """Whether a page of this origin may open a socket."""
        if parsed_origin is None:
            return True
        return origin_of(parsed_origin.geturl()) in self.allowed_origins


class Nowhere(AsyncWebsocketConsumer):
    """Refuses sockets at any other address."""

    channel_layer_alias = "none"

    async def connect(self) -> None:
        await self.close()


def allowed_origins() -> set[str]:
    """The origins of the site, of its front end, and of the allow-list."""
    own = (settings.PUBLIC_BASE_URL, settings.FRONT_END_URL, *settings.CORS_ALLOWED_ORIGINS)
    return {origin_of(address) for address in own} - {""}


def sockets() -> OwnOriginValidator:
    """Everything that WebSockets can reach."""
    return OwnOriginValidator(
        URLRouter([path("ws/", LiveConsumer.as_asgi()), re_path(r"", Nowhere.as_asgi())]),
        allowed_origins(),
    )
