#!/usr/bin/env python
"""Courtyard's command line."""

import os
import sys

from config.settings import process


def main() -> None:
    serving = sys.argv[1:2] == ["runserver"]
    process.current.kind = process.Kind.ASGI if serving else process.Kind.COMMAND
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"Courtyard cannot start: {error}")


if __name__ == "__main__":
    main()
