"""Limits of free-form JSON, the same in the API, in the admin and in services."""

from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from jsonschema import Draft202012Validator, FormatChecker

from config.shared.pointers import extend

MAX_BYTES = 64 * 1024
MAX_KEYS = 200
MAX_DEPTH = 8


@deconstructible
class JSONBounds:
    """Validator of a JSON value: its size, its depth, how many keys it has, and its shape.

    ``schema`` is a JSON Schema (2020-12); the first thing that contradicts it is reported with
    its place. Use it on a model's ``JSONField`` and the serializer's field takes it over.
    """

    def __init__(
        self,
        *,
        schema: dict[str, Any] | None = None,
        max_bytes: int = MAX_BYTES,
        max_keys: int = MAX_KEYS,
        max_depth: int = MAX_DEPTH,
    ) -> None:
        self.schema = schema
        self.max_bytes = max_bytes
        self.max_keys = max_keys
        self.max_depth = max_depth

    def __call__(self, value: Any) -> None:
        """Raise Django's ``ValidationError`` for a value beyond the limits."""
        depth, keys = measure(value)
        if depth > self.max_depth:
            raise ValidationError(f"Nested more than {self.max_depth} levels deep.", "too_deep")
        if keys > self.max_keys:
            raise ValidationError(f"More than {self.max_keys} names.", "too_many_keys")
        try:
            size = len(orjson.dumps(value))
        except orjson.JSONEncodeError:
            raise ValidationError("Not a JSON value.", "invalid") from None
        if size > self.max_bytes:
            raise ValidationError(f"More than {self.max_bytes} bytes.", "too_large")
        self._check_shape(value)

    def _check_shape(self, value: Any) -> None:
        if self.schema is None:
            return
        checker = Draft202012Validator(self.schema, format_checker=FormatChecker())
        error = next(iter(checker.iter_errors(value)), None)
        if error is not None:
            place = ""
            for part in error.absolute_path:
                place = extend(place, part)
            raise ValidationError(f"{place or 'The value'}: {error.message[:200]}", "wrong_shape")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JSONBounds) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.max_bytes, self.max_keys, self.max_depth))


def measure(value: Any) -> tuple[int, int]:
    """How deep ``value`` is nested, and how many names it has in all."""
    depth, keys, level = 0, 0, [value]
    while containers := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        keys += sum(len(item) for item in containers if isinstance(item, dict))
        level = [
            part
            for item in containers
            for part in (item.values() if isinstance(item, dict) else item)
        ]
    return depth, keys
