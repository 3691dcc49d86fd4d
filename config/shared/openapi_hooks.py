"""What is done to the whole OpenAPI description before and after it is written."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.db.models import Choices
from drf_spectacular.settings import spectacular_settings

from config.shared.openapi_examples import Sampler
from config.shared.openapi_problems import add_problem_components
from config.shared.openapi_prose import CONVENTIONS
from config.shared.viewsets import UUID_PATTERN

STAFF = "/staff/"
API = "/api/"
LOOSE_DECIMAL = re.compile(r"^\^-\?\\d\{0,(\d+)\}\(\?:\\\.\\d\{0,(\d+)\}\)\?\$$")

Endpoint = tuple[str, str, str, Any]


def public_endpoints(endpoints: list[Endpoint], **_kwargs: Any) -> list[Endpoint]:
    """Everything of the API but what is for staff."""
    return [found for found in api_endpoints(endpoints) if STAFF not in found[0]]


def api_endpoints(endpoints: list[Endpoint], **_kwargs: Any) -> list[Endpoint]:
    """Everything under /api/; also names the enumerations after their classes."""
    spectacular_settings.ENUM_NAME_OVERRIDES.update(enum_names())
    return [found for found in endpoints if found[0].startswith(API)]


def enum_names() -> dict[str, Any]:
    """The choices of every app under the name of their class; the first of two alike wins."""
    found: dict[str, Any] = {}
    seen: set[tuple[Any, ...]] = set()
    for app in apps.get_app_configs():
        for choices in _choices_of(app.name):
            values = tuple(sorted((str(value), str(label)) for value, label in choices.choices))
            name = choices.__name__
            if values in seen:
                continue
            seen.add(values)
            found[name if name not in found else f"{app.label.capitalize()}{name}"] = choices
    return found


def _choices_of(app: str) -> Iterator[Any]:
    """The choices of ``app.choices`` and of ``app.…_choices``."""
    for module in sorted(iter_modules(import_module(app).__path__), key=lambda found: found.name):
        if not module.name.endswith("choices"):
            continue
        name = f"{app}.{module.name}"
        for value in vars(import_module(name)).values():
            if isinstance(value, type) and issubclass(value, Choices) and value.__module__ == name:
                yield value


def finish(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Problems, precise patterns, identifiers that say so, and an example everywhere."""
    add_problem_components(result)
    result["info"]["description"] = f"{result['info'].get('description', '')}{CONVENTIONS}"
    for node in _nodes(result):
        _sharpen(node)
    sampler = Sampler(result["components"]["schemas"])
    for operation in _operations(result):
        _describe_responses(operation)
        for body in _bodies(operation):
            for content in body.get("content", {}).values():
                _complete(content, sampler)
    return result


def _operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in result.get("paths", {}).values():
        yield from path.values()


def _bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "requestBody" in operation:
        yield operation["requestBody"]
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            yield response


def _complete(content: dict[str, Any], sampler: Sampler) -> None:
    """Make up an example where none was given, and what was left out of those that were.

    An operation with several bodies has one given example; it stays where it belongs.
    """
    schema = content.get("schema", {})
    for given in content.get("examples", {}).values():
        if "value" in given:
            given["value"] = sampler.completed(schema, given["value"])
    if "example" in content and sampler.knows(schema, content["example"]):
        content["example"] = sampler.completed(schema, content["example"])
    elif "examples" not in content:
        content["example"] = sampler.sample(schema)


def _describe_responses(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        if "$ref" not in response and not response.get("description"):
            response["description"] = HTTPStatus(int(status)).phrase


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    pending = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            yield item
            pending.extend(item.values())
        elif isinstance(item, list | tuple):
            pending.extend(item)


def _sharpen(node: dict[str, Any]) -> None:
    """Decimals have a digit, what matches only a UUID is one, and alternatives may overlap."""
    if isinstance(options := node.get("oneOf"), list) and "discriminator" not in node:
        node["anyOf"] = options
        del node["oneOf"]
    pattern = node.get("pattern")
    if not isinstance(pattern, str):
        return
    if loose := LOOSE_DECIMAL.match(pattern):
        whole, places = loose.groups()
        fraction = rf"(?:\.\d{{1,{places}}})?" if int(places) else ""
        node["pattern"] = rf"^-?\d{{1,{whole}}}{fraction}$"
    elif UUID_PATTERN in pattern:
        del node["pattern"]
        node["format"] = "uuid"
