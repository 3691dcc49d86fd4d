"""For web servers that speak ASGI: sockets, or everything at once on a small machine."""

import os

from django.core.asgi import get_asgi_application

from config.settings import process

process.current.kind = process.Kind.ASGI
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_asgi_application()

from config.checks import refuse_unsafe_start  # noqa: E402 - needs the settings

refuse_unsafe_start()
