"""Hands that a thing does not belong to, laid on every operation that names one.

The requests are made from the API's own description, so an operation that comes later is tried
too, by the strictest rule: for everybody it is not meant for, a thing that is not theirs answers
exactly as one that does not exist.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.db import connections
from rest_framework.test import APIClient

METHODS = ("get", "post", "put", "patch", "delete")
REFUSALS = frozenset({401, 403, 404})
# Counters and memories of a request, which a refusal may well move.
UNRELATED = ("ratebucket", "idempotencykey", "django_session", "procrastinate")
PREFIX = "/api/v1/"
IN_PATH = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Inside:
    """A key that stands inside a member of a body; ``build`` makes the member of it."""

    build: Callable[[str], Any]
    key: Any


@dataclass(frozen=True, slots=True)
class Try:
    """One request that names something foreign, and the same one naming nothing at all."""

    operation: str
    method: str
    foreign: str
    missing: str
    body: dict[str, Any] = field(default_factory=dict)
    missing_body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What the description cannot say: whose things there are, and what is open to whom.

    ``things`` are foreign keys by the beginning of the path that they belong into; ``bodies``
    well-formed bodies by operation; ``open_to_all`` operations that anybody may use on anything;
    ``seen_by_all`` those on things that everybody sees, where refusing with 403 tells nothing.
    """

    things: Mapping[str, Mapping[str, Any]]
    bodies: Mapping[str, dict[str, Any]]
    open_to_all: frozenset[str] = frozenset()
    seen_by_all: frozenset[str] = frozenset()


def tries_on_paths(schema: Mapping[str, Any], known: Known) -> Iterator[Try]:
    """A request for every operation with a UUID in its path, whatever it does."""
    for template, method, operation in operations(schema):
        names = [
            parameter["name"]
            for parameter in operation.get("parameters", ())
            if parameter["in"] == "path" and parameter["schema"].get("format") == "uuid"
        ]
        if not names:
            continue
        name = operation["operationId"]
        keys = _things_at(template, known)
        body = known.bodies.get(name, {})
        # A member that does not exist is looked for in an organization that does.
        gone = {**keys, IN_PATH.findall(template)[-1]: uuid4()}
        yield Try(name, method, _filled(template, keys), _filled(template, gone), body, body)


def tries_on_bodies(
    schema: Mapping[str, Any], known: Known, foreign: Mapping[str, Any]
) -> Iterator[Try]:
    """A request for every operation whose body can name a thing, for each such name.

    The path is of the caller's own ``known`` things, so that the body is what is looked at;
    ``foreign`` are somebody else's things, by the name of the field.
    """
    for template, method, operation in operations(schema):
        name = operation["operationId"]
        members: set[str] = set()
        for content in operation.get("requestBody", {}).get("content", {}).values():
            members.update(_keys_in(content["schema"], schema))
        for member in sorted(members):
            path = _filled(template, _things_at(template, known) if "{" in template else {})
            body = known.bodies.get(name, {})
            thing = foreign[member]
            yield Try(
                f"{name}/{member}",
                method,
                path,
                path,
                {**body, member: _written(thing)},
                {**body, member: _written(_like(thing))},
            )


def faults_of(client: APIClient, who: str, tries: list[Try], known: Known) -> list[str]:
    """What ``client`` could do, or learn, that foreign hands should not."""
    faults = []
    for one in tries:
        name = one.operation
        if name in known.open_to_all:
            continue
        foreign = _told(client, one.method, one.foreign, one.body)
        missing = _told(client, one.method, one.missing, one.missing_body)
        status = foreign[0]
        in_body = one.foreign == one.missing
        if status not in (REFUSALS | {400, 409} if in_body else REFUSALS):
            faults.append(f"{who}: {name} answers {status}")
        elif foreign != missing and not (name in known.seen_by_all and status == 403):
            faults.append(f"{who}: {name} tells foreign {foreign} from missing {missing}")
    return faults


def operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of every operation."""
    for template, described in schema["paths"].items():
        for method in METHODS:
            if method in described:
                yield template, method, described[method]


def rows() -> dict[str, str]:
    """A fingerprint of every table of both databases that requests are there to change."""
    found = {}
    for alias in ("default", "credentials"):
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names(cursor):
                if any(word in table for word in UNRELATED):
                    continue
                name = connections[alias].ops.quote_name(table)
                cursor.execute(
                    f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) "
                    f"FROM {name} AS t"
                )
                found[f"{alias}.{table}"] = cursor.fetchone()[0]
    return found


def _told(client: APIClient, method: str, path: str, body: Any) -> tuple[int, str]:
    """Status and body, without what differs between any two answers."""
    response = getattr(client, method)(path, body or None, HTTP_IDEMPOTENCY_KEY=str(uuid4()))
    content = b"" if response.streaming else response.content
    try:
        document = json.loads(content or b"{}")
    except ValueError:
        return response.status_code, ""
    if isinstance(document, dict):
        document.pop("request_id", None)
        document.pop("instance", None)
    return response.status_code, json.dumps(document, sort_keys=True)


def _things_at(template: str, known: Known) -> dict[str, Any]:
    """The keys for a path: those of the longest beginning that is known."""
    path = template.removeprefix(PREFIX)
    matching = [start for start in known.things if path.startswith(start)]
    return dict(known.things[max(matching, key=len)])


def _filled(template: str, keys: Mapping[str, Any]) -> str:
    for name, value in keys.items():
        template = template.replace(f"{{{name}}}", str(value))
    return template


def _like(thing: Any) -> Any:
    """A key of nothing, in the place of the one in ``thing``."""
    if isinstance(thing, Inside):
        return Inside(thing.build, uuid4())
    return [uuid4()] if isinstance(thing, list) else uuid4()


def _written(key: Any) -> Any:
    """A key, a list of some, or a value that holds one, as bodies hold it."""
    if isinstance(key, Inside):
        return key.build(str(key.key))
    return [str(each) for each in key] if isinstance(key, list) else str(key)


def _keys_in(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    """The names of the members of a body that hold the key of a thing."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for kind in ("oneOf", "anyOf", "allOf"):
        for part in schema.get(kind, ()):
            yield from _keys_in(part, document)
    for name, member in schema.get("properties", {}).items():
        if '"uuid"' in json.dumps(member):
            yield name
