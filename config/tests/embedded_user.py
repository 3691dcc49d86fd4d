"""A process that uses the embedded server: ``python -m config.tests.embedded_user <folder>``.

Prints one line of JSON for every line it reads, and ends with its input. A line is a query;
its failure is an answer, too.
"""

import json
import sys
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection


def connection_settings(folder: str, linger: int = 1) -> dict[str, Any]:
    return {
        "ENGINE": "config.embedded_postgres",
        "NAME": "courtyard",
        "EMBEDDED_HOME": folder,
        "EMBEDDED_USER": "",
        "EMBEDDED_NAMES": ["courtyard", "courtyard_credentials"],
        "EMBEDDED_LINGER": linger,
        "OPTIONS": {},
    }


def answer(query: str) -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return {"row": cursor.fetchone() if cursor.description else []}
    except (DatabaseError, ImproperlyConfigured) as error:
        connection.close()
        return {"error": str(error)}


def main() -> None:
    settings.configure(DATABASES={"default": connection_settings(sys.argv[1])})
    django.setup()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(line), default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
