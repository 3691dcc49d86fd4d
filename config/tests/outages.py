"""Takes parts of the platform away for the length of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

# RFC 863's discard service; nothing listens there on any machine that runs the tests.
CLOSED_PORT = "9"


@contextmanager
def database_down(alias: str) -> Iterator[None]:
    """Within the block, connections of this thread to database ``alias`` are refused."""
    working = connections[alias]
    # A plain connection, also where the server is the embedded one, which would be looked for.
    away = {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": CLOSED_PORT}
    connections[alias] = DatabaseWrapper({**working.settings_dict, **away}, alias)
    try:
        yield
    finally:
        connections[alias] = working
