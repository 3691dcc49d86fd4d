"""Input that tries to break every operation of the API, made from its own description."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

DEEP = "[" * 20_000 + "]" * 20_000
LONG = "x" * 20_000
HUGE = 10**400

# Each replaces one field of an otherwise well-formed body.
VALUES: tuple[Any, ...] = (
    None,
    "",
    "\x00",
    "a\x00b",
    LONG,
    "<script>alert(1)</script>",
    "'; DROP TABLE accounts_user; --",
    "0000-00-00",
    "99999-12-31T23:59:59Z",
    "not-a-uuid",
    "00000000-0000-0000-0000-000000000000",
    "\u202e\u200b",
    -1,
    2**63,
    1e308,
    True,
    [],
    [None],
    ["x"] * 5_000,
    {},
    {"\x00": "\x00"},
    {"a": {"b": {"c": [1, {"d": None}]}}},
)
# Whole bodies that JSON, or the parser, must refuse.
BODIES: tuple[bytes, ...] = (
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"1",
    b"\xff\xfe\x00",
    b'{"a": "\\ud800"}',
    b'{"\\u0000": 1}',
    b'{"a": NaN}',
    b'{"a": 1e999}',
    b'{"a": ' + str(HUGE).encode() + b"}",
    b'{"a": 1, "a": 2}',
    DEEP.encode(),
    b'{"a": ' + DEEP.encode() + b"}",
    b"a=1&b=2",
)
PARAMETERS: tuple[str, ...] = (
    "",
    "\x00",
    "x" * 5_000,
    "-1",
    "0",
    "99999999999999999999",
    "1e400",
    "NaN",
    "0000-00-00",
    "not-a-uuid",
    "a,b,c",
    "1,2,3,4,5",
    "[]",
    "%00",
    "\u202e",
    ",".join(["1"] * 500),
)
HEADERS: tuple[dict[str, str], ...] = (
    {"HTTP_X_REQUEST_ID": "x" * 4_000},
    {"HTTP_X_FORWARDED_FOR": "1.2.3.4, <script>"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_ACCEPT": "text/html;q=nonsense"},
    {"HTTP_ACCEPT_LANGUAGE": "../../etc/passwd"},
    {"HTTP_IF_MATCH": '"' + "x" * 4_000},
    {"HTTP_IDEMPOTENCY_KEY": "x" * 1_000},
    {"HTTP_RANGE": "bytes=9-1"},
    {"CONTENT_TYPE": "application/xml"},
    {"CONTENT_TYPE": "multipart/form-data"},
)
TOKENS: tuple[str, ...] = ("Bearer", "Bearer ", "Bearer x.y.z", "Bearer \x7f", "Basic Og==")


@dataclass(frozen=True, slots=True)
class Attack:
    """One request, and what it tries."""

    method: str
    path: str
    aim: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def attacks(schema: dict[str, Any], *, only: Iterable[str] = ()) -> Iterator[Attack]:
    """Every attack on every operation that ``schema`` describes, or on those of ``only``."""
    wanted = set(only)
    for template, operations in schema["paths"].items():
        for method, operation in operations.items():
            known = method in {"get", "post", "put", "patch", "delete"}
            if known and (not wanted or operation["operationId"] in wanted):
                yield from _on_operation(schema, template, method, operation)


def operations_of(schema: dict[str, Any], *, public: bool = False) -> set[str]:
    """The names of the operations of ``schema``; with ``public`` those that need no sign-in."""
    return {
        operation["operationId"]
        for operations in schema["paths"].values()
        for operation in operations.values()
        if isinstance(operation, dict)
        and "operationId" in operation
        and (not public or {} in operation.get("security", [{}]))
    }


def _on_operation(
    schema: dict[str, Any], template: str, method: str, operation: dict[str, Any]
) -> Iterator[Attack]:
    parameters = operation.get("parameters", [])
    path = _path(template, parameters)
    yield from _on_path(template, parameters, method)
    yield from _on_query(path, parameters, method)
    for headers in HEADERS:
        yield Attack(method, path, f"header {next(iter(headers))}", b"{}", headers)
    for token in TOKENS:
        yield Attack(method, path, "token", b"{}", {"HTTP_AUTHORIZATION": token})
    if "requestBody" in operation:
        yield from _on_body(schema, path, method, operation)


def _on_path(template: str, parameters: list[Any], method: str) -> Iterator[Attack]:
    for parameter in parameters:
        if parameter["in"] != "path":
            continue
        for value in ("0", "\x00", "a'b", "..%2f..", "x" * 2_000, "\u202e"):
            yield Attack(
                method,
                _path(template, parameters, {parameter["name"]: quote(value, safe="%")}),
                f"path {parameter['name']}={value[:20]!r}",
                b"{}",
            )


def _on_query(path: str, parameters: list[Any], method: str) -> Iterator[Attack]:
    names = [parameter["name"] for parameter in parameters if parameter["in"] == "query"]
    for name in [*names, "unheard_of"]:
        for value in PARAMETERS:
            yield Attack(
                method, f"{path}?{urlencode({name: value})}", f"query {name}={value[:20]!r}", b"{}"
            )
    if names:
        twice = urlencode([(names[0], "1"), (names[0], "2")])
        yield Attack(method, f"{path}?{twice}", f"query {names[0]} twice", b"{}")


def _on_body(
    schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> Iterator[Attack]:
    for body in BODIES:
        yield Attack(method, path, f"body {body[:30]!r}", body)
    content = operation["requestBody"]["content"].get("application/json")
    if content is None:
        return
    sample = _sample(content)
    names = set(sample) | set(_properties(schema, content["schema"]))
    for name in sorted(names):
        for value in VALUES:
            body = json.dumps({**sample, name: value}).encode()
            yield Attack(method, path, f"field {name}={str(value)[:30]!r}", body)


def _sample(content: dict[str, Any]) -> dict[str, Any]:
    if isinstance(content.get("example"), dict):
        return dict(content["example"])
    for example in content.get("examples", {}).values():
        if isinstance(example.get("value"), dict):
            return dict(example["value"])
    return {}


def _properties(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        node = schema["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]]
    found: dict[str, Any] = dict(node.get("properties", {}))
    for part in [*node.get("allOf", []), *node.get("oneOf", []), *node.get("anyOf", [])]:
        found |= _properties(schema, part)
    return found


def _path(template: str, parameters: list[Any], values: dict[str, str] | None = None) -> str:
    given = values or {}
    path = template
    for parameter in parameters:
        if parameter["in"] == "path":
            name = parameter["name"]
            path = path.replace(f"{{{name}}}", given.get(name, str(uuid4())))
    return path
