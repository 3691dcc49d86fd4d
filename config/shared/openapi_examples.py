"""Example bodies, made up from a JSON schema: plausible to people and valid for machines."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from config.shared.openapi_words import BESIDE, EMPTY, FORMATS, IDENTIFIER, NAMES

WORDS = "Palm Heights, second floor. "
PATTERNED = ("1250.00", "1.5", "1", "0", "a", "A1", IDENTIFIER)
MAX_DEPTH = 8


class Sampler:
    """Makes examples of schemas that may refer to ``components``."""

    def __init__(self, components: dict[str, Any]) -> None:
        self.components = components

    def sample(
        self, schema: Any, name: str = "", depth: int = 0, beside: Mapping[str, Any] | None = None
    ) -> Any:
        """A value that ``schema`` accepts, for the member ``name`` ``beside`` others."""
        if not isinstance(schema, dict) or depth > MAX_DEPTH:
            return None
        if name in EMPTY and self.accepts(schema, None):
            return None
        schema = self.resolved(schema)
        for key in ("example", "const", "default"):
            if schema.get(key) is not None:
                return schema[key]
        if schema.get("examples"):
            return schema["examples"][0]
        for usual in usual_values(name, beside or {}):
            if self.accepts(schema, usual):
                return usual
        if schema.get("enum"):
            return next(value for value in schema["enum"] if value is not None)
        return self._of_type(schema, name, depth)

    def accepts(self, schema: dict[str, Any], value: Any) -> bool:
        """Whether ``value`` is one that ``schema`` describes."""
        # What no library here checks: a moment is more than a day, an address begins somewhere.
        wanted, form = self.resolved(schema).get("format"), type(value).__name__
        if wanted == "date-time" and form == "str" and "T" not in value:
            return False
        if wanted == "uri" and form == "str" and "://" not in value:
            return False
        rules = {**schema, "components": {"schemas": self.components}}
        checker = Draft202012Validator.FORMAT_CHECKER
        return bool(Draft202012Validator(rules, format_checker=checker).is_valid(value))

    def knows(self, schema: dict[str, Any], given: Any) -> bool:
        """Whether ``given`` is about what ``schema`` describes: it names no stranger's member."""
        if not isinstance(given, dict):
            return True
        nearest = self.nearest(schema, given)
        known = nearest.get("properties")
        return not known or given.keys() <= known.keys()

    def completed(self, schema: Any, given: Any, depth: int = 0) -> Any:
        """``given`` with the members that ``schema`` requires and that were not thought of."""
        schema = self.nearest(schema, given)
        if isinstance(given, list):
            return [self.completed(schema.get("items", {}), item, depth + 1) for item in given]
        if not isinstance(given, dict):
            return given
        known = schema.get("properties", {})
        missing = {
            name: self.sample(known.get(name, {}), name, depth + 1, known)
            for name in schema.get("required", ())
            if name not in given
        }
        whole = {
            name: self.completed(known.get(name, {}), value, depth + 1)
            for name, value in given.items()
        }
        return {**whole, **missing}

    def nearest(self, schema: dict[str, Any], given: Any) -> dict[str, Any]:
        """``schema``, of alternatives the one that has most of the members of ``given``."""
        while "$ref" in schema:
            schema = self.components[schema["$ref"].rsplit("/", 1)[-1]]
        options = [
            self.resolved(option) for key in ("oneOf", "anyOf") for option in schema.get(key, ())
        ]
        if not options or not isinstance(given, dict):
            return self.resolved(schema)
        return max(options, key=lambda option: len(given.keys() & option.get("properties", {})))

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """``schema`` without references, and with the first of its alternatives that is no null."""
        while "$ref" in schema:
            target = self.components[schema["$ref"].rsplit("/", 1)[-1]]
            schema = {**target, **{key: schema[key] for key in schema if key != "$ref"}}
        for key in ("oneOf", "anyOf"):
            for option in schema.get(key, ()):
                if option.get("type") != "null":
                    rest = {name: value for name, value in schema.items() if name != key}
                    return self.resolved({**self.resolved(option), **rest})
        if "allOf" in schema:
            rest = {name: value for name, value in schema.items() if name != "allOf"}
            merged: dict[str, Any] = {}
            for part in schema["allOf"]:
                merged.update(self.resolved(part))
            return {**merged, **rest}
        return schema

    def _of_type(self, schema: dict[str, Any], name: str, depth: int) -> Any:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = next((one for one in kind if one != "null"), "null")
        if kind == "object" or "properties" in schema:
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, name, depth)
        if kind == "string":
            return self._text(schema)
        if kind in {"integer", "number"}:
            return number(schema, whole=kind == "integer")
        return {"boolean": True, "null": None}.get(str(kind), {})

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        return {
            member: self.sample(inner, member, depth + 1, schema["properties"])
            for member, inner in schema.get("properties", {}).items()
        }

    def _array(self, schema: dict[str, Any], name: str, depth: int) -> list[Any]:
        if schema.get("maxItems") == 0:
            return []
        item = self.sample(schema.get("items", {}), name.removesuffix("s"), depth + 1)
        return [item] * max(1, schema.get("minItems", 1))

    def _text(self, schema: dict[str, Any]) -> str:
        """A string within the bounds of ``schema``."""
        known = FORMATS.get(schema.get("format", ""))
        for candidate in (known, *(PATTERNED if "pattern" in schema else ())):
            if candidate is not None and self.accepts(schema, candidate):
                return str(candidate)
        shortest, longest = schema.get("minLength", 0), schema.get("maxLength", 40)
        length = max(shortest, min(longest, len(WORDS) - 1))
        return (WORDS * (length // len(WORDS) + 1))[:length].ljust(length, "x")


def usual_values(name: str, beside: Mapping[str, Any]) -> Iterator[Any]:
    """What a member called ``name`` usually holds ``beside`` others, the likeliest first."""
    for other in beside:
        if (name, other) in BESIDE:
            yield BESIDE[name, other]
    endings = [known for known in NAMES if name == known or name.endswith(f"_{known}")]
    for ending in sorted(endings, key=len, reverse=True):
        values = NAMES[ending]
        yield from values if isinstance(values, tuple) else (values,)


def number(schema: dict[str, Any], *, whole: bool) -> float:
    """A number within the bounds of ``schema``."""
    value: float = max(3, schema.get("minimum", 3))
    value = min(value, schema.get("maximum", value))
    return int(value) if whole else value
