"""For web servers that speak ASGI: sockets, or everything at once on a small machine."""

import os

from django.core.asgi import get_asgi_application

from config.settings import process

process.current.kind = process.Kind.ASGI
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402 - needs the settings

from config.checks import refuse_unsafe_start  # noqa: E402 - needs the settings
from messaging.sockets.routes import sockets  # noqa: E402 - needs the settings

refuse_unsafe_start()
application = ProtocolTypeRouter({"http": pages, "websocket": sockets()})
