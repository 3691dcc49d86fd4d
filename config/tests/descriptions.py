"""Reading OpenAPI descriptions in tests."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.drainage import GENERATOR_STATS
from jsonschema import Draft202012Validator

# What every operation can end in.
ALWAYS = {"400", "406", "503"}

Operation = dict[str, Any]


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def by_id(schema: dict[str, Any]) -> dict[str, Operation]:
    return {operation["operationId"]: operation for _, operation in operations(schema)}


def parameters(operation: Operation) -> dict[str, dict[str, Any]]:
    return {found["name"]: found for found in operation.get("parameters", [])}


def bodies(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    """The media types of the request and of every success, with what they are for."""
    named = {"request": operation.get("requestBody", {}), **operation["responses"]}
    for name, body in named.items():
        if name == "request" or name.startswith("2"):
            for media in body.get("content", {}).values():
                yield name, media


def examples(media: dict[str, Any]) -> list[Any]:
    if "example" in media:
        return [media["example"]]
    return [found["value"] for found in media.get("examples", {}).values()]


def contradictions(schema: dict[str, Any]) -> list[str]:
    """Every example that its own schema does not accept."""
    found: list[str] = []
    for place, operation in operations(schema):
        for name, media in bodies(operation):
            rules = {**media["schema"], "components": schema["components"]}
            checker = Draft202012Validator(
                rules, format_checker=Draft202012Validator.FORMAT_CHECKER
            )
            for example in examples(media):
                found.extend(
                    f"{place} {name} {error.json_path}: {error.message}"
                    for error in checker.iter_errors(example)
                )
    return found


def warnings() -> list[str]:
    """What drf-spectacular complained of since its statistics were last reset."""
    return [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
