"""``manage.py dbshell`` with the ``psql`` that belongs to the embedded server."""

import os
from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql.client import DatabaseClient as PostgresClient

from config.embedded_postgres.layout import installed_programs


class DatabaseClient(PostgresClient):
    """Starts the server, if need be, and opens a shell on it."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        arguments, environment = super().settings_to_cmd_args_env(settings_dict, parameters)
        return [os.fspath(installed_programs() / "bin" / "psql"), *arguments[1:]], environment

    def runshell(self, parameters: Iterable[str]) -> None:
        self.connection.get_connection_params()
        super().runshell(parameters)
