"""Which lists the API has, and which of them a test has watched grow."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver

from config.tests.sources import FunctionNode, Source, modules_of_tests

FIXTURE = "assert_constant_queries"
PREFIX = "/api/"


def list_endpoints() -> set[str]:
    """Paths of all lists, with ``{}`` where an identifier stands."""
    return {
        path
        for path, callback in _endpoints(get_resolver().url_patterns, "")
        if path.startswith(PREFIX) and _is_list(callback)
    }


def _endpoints(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _endpoints(entry.url_patterns, route)
        elif isinstance(entry, URLPattern) and "format>" not in route:
            yield normalised(route), entry.callback


def normalised(route: str) -> str:
    """``^users/(?P<pk>[^/]+)/$`` and ``users/<uuid:pk>/`` are both ``/users/{}/``."""
    return re.sub(r"<[^>]+>", "{}", simplify_regex(route))


def _is_list(callback: Any) -> bool:
    actions = getattr(callback, "actions", None) or {}
    if actions.get("get") == "list":
        return True
    return hasattr(getattr(callback, "view_class", None), "list")


def paths_with_growth_test() -> set[str]:
    """Paths that stand in a test which uses the fixture, in the same shape."""
    return {path for source in modules_of_tests() for path in _paths_of(source)}


def _paths_of(source: Source) -> Iterator[str]:
    constants = {
        node.targets[0].id: node.value.value
        for node in source.tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
    for _, node in source.functions():
        if FIXTURE in {argument.arg for argument in node.args.args + node.args.kwonlyargs}:
            yield from _paths_in(node, constants)


def _paths_in(function: FunctionNode, constants: dict[str, str]) -> Iterator[str]:
    for node in ast.walk(function):
        text = _text(node, constants)
        if text and text.startswith(PREFIX):
            yield text.partition("?")[0]


def _text(node: ast.AST, constants: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, constants) or "{}" for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, constants)
    return None
