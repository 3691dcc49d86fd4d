"""What goes wrong with the embedded server, as sentences for people."""

from django.core.exceptions import ImproperlyConfigured


class EmbeddedPostgresError(ImproperlyConfigured):
    """The embedded server cannot be used here; the text says why and what to do instead."""
