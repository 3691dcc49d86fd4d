"""The published JSON schemas of the free parts of a profile, and the check against them."""

import json
from collections.abc import Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from config.shared.errors import FieldError, MissingError
from config.shared.pointers import extend

FOLDER = Path(__file__).resolve().parent.parent / "jsonschemas"
PARTS = (
    "portfolio_links",
    "skills",
    "education",
    "work_experience",
    "languages",
    "certificates",
    "notification_prefs",
    "visibility",
)
RESUME = "jsonresume-1.3.1"
RESUME_PREFERENCES = "resume_preferences"
SCHEMAS = (*PARTS, RESUME, RESUME_PREFERENCES)
LARGEST_PART = 64 * 1024
LARGEST_RESUME = 256 * 1024
MOST_ERRORS = 20

# What a validator's keyword means to somebody who reads a problem document.
_CODES = {
    "type": ("wrong_type", "This is of the wrong type: it should be {expected}."),
    "required": ("required", "Something that is needed is missing here: {missing}."),
    "enum": ("not_a_choice", "This is none of the words that are known here."),
    "anyOf": ("incomplete", "Something that is needed is missing here."),
    "maxLength": ("too_long", "This is too long: at most {expected} characters."),
    "maxItems": ("too_many", "These are too many: at most {expected}."),
    "maxProperties": ("too_many", "These are too many keys: at most {expected}."),
    "minimum": ("too_small", "This is too small: at least {expected}."),
    "maximum": ("too_large", "This is too large: at most {expected}."),
    "pattern": ("wrong_format", "This does not have the format that is needed."),
    "format": ("wrong_format", "This does not have the format that is needed."),
}
_OTHER = ("invalid", "This is not what the schema says.")


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema ``name``, one of ``SCHEMAS``; ``MissingError`` for any other."""
    if name not in SCHEMAS:
        raise MissingError
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def errors_of(name: str, value: Any, *, pointer: str = "") -> list[FieldError]:
    """What is wrong with ``value`` by the schema ``name``; ``pointer`` is where it stands."""
    largest = LARGEST_RESUME if name == RESUME else LARGEST_PART
    if json_size(value) > largest:
        return [FieldError(pointer, "too_large", f"At most {largest} bytes of JSON.")]
    found = islice(_validator(name).iter_errors(value), MOST_ERRORS)
    return sorted((_as_error(error, pointer) for error in found), key=lambda error: error.pointer)


def errors_of_parts(values: Mapping[str, Any], *, pointer: str = "") -> list[FieldError]:
    """What is wrong with those of ``values`` that are parts of a profile with a schema."""
    return [
        error
        for name in PARTS
        if name in values
        for error in errors_of(name, values[name], pointer=extend(pointer, name))
    ]


def json_size(value: Any) -> int:
    """How many bytes ``value`` takes as JSON."""
    return len(json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace"))


@cache
def _validator(name: str) -> Any:
    import jsonschema

    contents = schema(name)
    kind = jsonschema.validators.validator_for(contents)
    kind.check_schema(contents)
    return kind(contents, format_checker=jsonschema.FormatChecker(["email", "date"]))


def _as_error(error: Any, pointer: str) -> FieldError:
    for step in error.absolute_path:
        pointer = extend(pointer, step)
    code, sentence = _CODES.get(error.validator, _OTHER)
    expected = error.validator_value
    if isinstance(expected, list):
        expected = " or ".join(map(str, expected))
    missing = ""
    if error.validator == "required":
        missing = ", ".join(key for key in error.validator_value if key not in error.instance)
    return FieldError(pointer, code, sentence.format(expected=expected, missing=missing))
