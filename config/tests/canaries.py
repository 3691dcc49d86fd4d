"""Words that must not turn up, and a search for them in everything that a person's life leaves."""

import io
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import connections
from rest_framework.test import APIClient

from config.tests.foreign_hands import operations

# Whoever writes these down knows why: the row of the person, and how it came to be.
OWN_ROWS = ("default.accounts_user", "default.accounts_userevent")


def spellings(word: str) -> set[str]:
    """How ``word`` looks in text, and in the bytes that a database shows as digits."""
    return {word, word.encode().hex()}


def in_databases(words: Mapping[str, str], *, but: Iterable[str] = ()) -> list[str]:
    """Where one of ``words`` (what it is: how it reads) stands in either database."""
    passed_over = frozenset(but)
    found = []
    for alias in ("default", "credentials"):
        connection = connections[alias]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                if f"{alias}.{table}" in passed_over:
                    continue
                name = connection.ops.quote_name(table)
                cursor.execute(f"SELECT t::text FROM {name} AS t")
                content = "\n".join(row for (row,) in cursor.fetchall())
                found += [f"{alias}.{table}: {what}" for what in in_text(words, content)]
    return found


def in_text(words: Mapping[str, str], content: str) -> list[str]:
    """Which of ``words`` stand in ``content``, by what they are."""
    return [
        what for what, word in words.items() if any(form in content for form in spellings(word))
    ]


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Whatever is logged meanwhile, as production writes it."""
    root, stream = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(stream)
    ours = [
        found.formatter
        for found in root.handlers
        if isinstance(found.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    handler.setFormatter(ours[0])
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def read_by(client: APIClient, schema: Mapping[str, Any], keys: Mapping[str, Any]) -> str:
    """Everything that ``client`` is answered by every operation that reads.

    ``keys`` are what paths name, by the beginning of the path.
    """
    answers = []
    for template, method, _ in operations(schema):
        path = template
        for start, names in keys.items():
            if template.startswith(f"/api/v1/{start}"):
                for name, value in names.items():
                    path = path.replace(f"{{{name}}}", str(value))
        if method == "get" and "{" not in path:
            response = client.get(path)
            content = b"" if response.streaming else response.content
            answers.append(f"{path} {dict(response.headers)} {content.decode()}")
    return "\n".join(answers)


def found_by(client: APIClient, schema: Mapping[str, Any], word: str, key: Any) -> list[str]:
    """The lists that show the thing ``key`` to whoever searches them for ``word``."""
    shown = []
    for template, method, operation in operations(schema):
        names = {
            found["name"] for found in operation.get("parameters", ()) if found["in"] == "query"
        }
        if method != "get" or "search" not in names or "{" in template:
            continue
        answer = client.get(template, {"search": word})
        if str(key) in json.dumps(answer.json()):
            shown.append(f"{template} for {word}")
    return shown
