"""For web servers that speak WSGI: the API and the back office."""

import os

from django.core.wsgi import get_wsgi_application

from config.settings import process

process.current.kind = process.Kind.WSGI
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()

from config.checks import refuse_unsafe_start  # noqa: E402 - needs the settings

refuse_unsafe_start()
