"""The test suite: hermetic, so no file of settings is read and nothing is sent anywhere."""

from .environment import env
from .process import Kind, current

env.development = True
# Test databases are created and emptied through the same connections.
current.kind = Kind.COMMAND

from .base import *  # noqa: E402, F403
from .databases import DATA_DIR, DATABASES  # noqa: E402

DEBUG = False
MEDIA_ROOT = DATA_DIR / "test" / "media"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "Courtyard <courtyard@localhost>"
SMS_BACKEND = "memory"
WHITENOISE_AUTOREFRESH = True

# Tests that commit have their tables emptied afterwards, those that only grow among them.
for connection in DATABASES.values():
    options = connection["OPTIONS"]
    options["options"] = f"{options.get('options', '')} -c courtyard.allow_reset=truncate"
