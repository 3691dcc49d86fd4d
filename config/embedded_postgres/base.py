"""Django's PostgreSQL backend on a server that starts itself (docs/adr/0001).

The server is started by the first connection, not by the settings: ``manage.py check`` or
``collectstatic`` start nothing.
"""

import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper
from django.utils.asyncio import async_unsafe
from psycopg import OperationalError

from config.embedded_postgres.client import DatabaseClient
from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.layout import PORT, Layout, plan
from config.embedded_postgres.server import SUPERUSER, Server, is_passing

RETRY_SECONDS = 60.0

_servers: dict[Layout, Server] = {}
_servers_lock = threading.Lock()


def server_for(settings_dict: dict[str, Any]) -> Server:
    """The embedded server that a connection's settings mean; one object for each process."""
    layout = plan(Path(settings_dict["EMBEDDED_HOME"]), settings_dict.get("EMBEDDED_USER", ""))
    with _servers_lock:
        if layout not in _servers:
            names = tuple(settings_dict["EMBEDDED_NAMES"])
            _servers[layout] = Server(layout, names, linger=settings_dict["EMBEDDED_LINGER"])
        return _servers[layout]


class DatabaseWrapper(PostgresWrapper):
    """A connection to the embedded server."""

    client_class = DatabaseClient

    def __init__(self, settings_dict: dict[str, Any], alias: str = DEFAULT_DB_ALIAS) -> None:
        settings_dict.update(USER=SUPERUSER, PORT=str(PORT))
        # Where the server cannot live, the first connection says so, and `check` still runs.
        with suppress(EmbeddedPostgresError):
            settings_dict["HOST"] = str(server_for(settings_dict).layout.socket_folder)
        super().__init__(settings_dict, alias)

    def get_connection_params(self) -> dict[str, Any]:
        if self.settings_dict["OPTIONS"].get("pool"):
            raise EmbeddedPostgresError(
                "The embedded database cannot be used with a connection pool, which would not "
                "start it again: take `pool` out of its OPTIONS."
            )
        folder = server_for(self.settings_dict).ensure()
        self.settings_dict["HOST"] = str(folder)
        return super().get_connection_params()

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            try:
                return super().get_new_connection(conn_params)
            except OperationalError as error:
                if not is_passing(error) or time.monotonic() > deadline:
                    raise
            conn_params["host"] = str(server_for(self.settings_dict).ensure(again=True))
