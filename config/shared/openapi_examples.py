"""Example bodies, made up from a JSON schema: plausible to people and valid for machines."""

import re
from typing import Any

DAY = "2026-11-21"
MOMENT = "2026-11-21T09:30:00Z"
IDENTIFIER = "019a9f3c-7d2e-7b41-8c5f-2f6a1d3e4b5c"
FORMATS: dict[str, Any] = {
    "uuid": IDENTIFIER,
    "date": DAY,
    "date-time": MOMENT,
    "time": "09:30:00",
    "duration": "01:30:00",
    "email": "amina.rahman@example.com",
    "uri": "https://example.com/courtyard",
    "uri-reference": "/courtyard",
    "decimal": "1250.00",
    "byte": "Y291cnR5YXJk",
    "binary": "",
    "ipv4": "203.0.113.7",
}
# What a member of this name usually holds; the longest ending that fits is taken.
NAMES: dict[str, Any] = {
    "access": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
    "address": "12 Palm Street",
    "bio": "Gardener, reader, early riser.",
    "building_name": "Palm Heights",
    "cell_lat": 25.2,
    "cell_lng": 55.27,
    "city": "Dubai",
    "code": "482913",
    "content_type": "image/jpeg",
    "country": "AE",
    "currency": "AED",
    "description": "Bright and quiet, near the park.",
    "detail": "Done.",
    "device": "Firefox on Linux",
    "device_name": "Firefox on Linux",
    "email": "amina.rahman@example.com",
    "file_name": "kitchen.jpg",
    "first_name": "Amina",
    "full_name": "Amina Rahman",
    "headline": "Civil engineer",
    "last_name": "Rahman",
    "lat": 25.2048,
    "lng": 55.2708,
    "locale": "en",
    "name": "Palm Heights",
    "neighborhood": "Al Barsha",
    "new_password": "a-long-passphrase-3",
    "old_password": "a-long-passphrase-2",
    "password": "a-long-passphrase-2",
    "phone": "+971501234567",
    "phone_number": "+971501234567",
    "pincode": "00000",
    "refresh": "eyJhbGciOiJIUzI1NiJ9.eyJjdHIiOjF9.c2lnbmF0dXJl",
    "slug": "palm-heights",
    "state": "Dubai",
    "time_zone": "Asia/Dubai",
    "title": "Two rooms with a balcony",
    "unit_label": "B-1204",
    "url": "https://example.com/courtyard",
    "username": "amina.rahman",
    "version": "1.0.0",
}
WORDS = "Palm Heights, second floor. "
MAX_DEPTH = 8


class Sampler:
    """Makes examples of schemas that may refer to ``components``."""

    def __init__(self, components: dict[str, Any]) -> None:
        self.components = components

    def sample(self, schema: Any, name: str = "", depth: int = 0) -> Any:
        """A value that ``schema`` accepts; ``name`` is the member that it stands for."""
        if not isinstance(schema, dict) or depth > MAX_DEPTH:
            return None
        schema = self.resolved(schema)
        for key in ("example", "const", "default"):
            if schema.get(key) is not None:
                return schema[key]
        if schema.get("examples"):
            return schema["examples"][0]
        if schema.get("enum"):
            return next(value for value in schema["enum"] if value is not None)
        return self._of_type(schema, name, depth)

    def completed(self, schema: Any, given: Any, depth: int = 0) -> Any:
        """``given`` with the members that ``schema`` requires and that were not thought of."""
        schema = self.nearest(schema, given)
        if isinstance(given, list):
            return [self.completed(schema.get("items", {}), item, depth + 1) for item in given]
        if not isinstance(given, dict):
            return given
        known = schema.get("properties", {})
        missing = {
            name: self.sample(known.get(name, {}), name, depth + 1)
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
            return text(schema, name)
        if kind in {"integer", "number"}:
            return number(schema, name, whole=kind == "integer")
        return {"boolean": True, "null": None}.get(str(kind), {})

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        return {
            member: self.sample(inner, member, depth + 1)
            for member, inner in schema.get("properties", {}).items()
        }

    def _array(self, schema: dict[str, Any], name: str, depth: int) -> list[Any]:
        if schema.get("maxItems") == 0:
            return []
        item = self.sample(schema.get("items", {}), name.removesuffix("s"), depth + 1)
        return [item] * max(1, schema.get("minItems", 1))


def text(schema: dict[str, Any], name: str) -> str:
    """A string for a member called ``name`` that fits the bounds of ``schema``."""
    format_ = schema.get("format")
    wanted = [NAMES.get(name), _by_ending(name)]
    if format_ in FORMATS:
        wanted = [FORMATS[format_]]
    if "pattern" in schema:
        wanted += ["1250.00", "1.5", "1", "0", "a", "A1", IDENTIFIER]
    for candidate in wanted:
        if isinstance(candidate, str) and _fits(candidate, schema):
            return candidate
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", 40)
    length = max(shortest, min(longest, len(WORDS) - 1))
    return (WORDS * (length // len(WORDS) + 1))[:length].ljust(length, "x")


def number(schema: dict[str, Any], name: str, *, whole: bool) -> float:
    """A number for a member called ``name`` within the bounds of ``schema``."""
    low, high = schema.get("minimum"), schema.get("maximum")
    value = NAMES.get(name, 3)
    if not isinstance(value, int | float):
        value = 3
    if low is not None:
        value = max(value, low)
    if high is not None:
        value = min(value, high)
    return int(value) if whole else value


def _by_ending(name: str) -> Any:
    endings = (known for known in NAMES if name.endswith(f"_{known}"))
    return NAMES.get(max(endings, key=len, default=""))


def _fits(candidate: str, schema: dict[str, Any]) -> bool:
    pattern = schema.get("pattern")
    return schema.get("minLength", 0) <= len(candidate) <= schema.get(
        "maxLength", len(candidate)
    ) and (pattern is None or re.search(pattern, candidate) is not None)
