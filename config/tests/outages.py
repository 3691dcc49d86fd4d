"""Takes parts of the platform away for the length of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

# RFC 863's discard service; nothing listens there on any machine that runs the tests.
CLOSED_PORT = "9"


@contextmanager
def database_down(alias: str) -> Iterator[None]:
    """Within the block, connections of this thread to database ``alias`` are refused."""
    working = connections[alias]
    broken = working.copy()
    broken.settings_dict = {
        **working.settings_dict,
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "127.0.0.1",
        "PORT": CLOSED_PORT,
    }
    connections[alias] = broken
    try:
        yield
    finally:
        connections[alias] = working
