"""Query parameters: only the declared ones, each once, each within its bounds."""

from collections.abc import Collection, Sequence
from typing import Any

from rest_framework.request import Request

from config.shared.errors import InvalidInputError


def refuse_unknown(request: Request, known: Collection[str], repeatable: Collection[str]) -> None:
    """Refuse a parameter that is not ``known`` or, unless ``repeatable``, is given twice."""
    for name, values in request.query_params.lists():
        if name not in known:
            allowed = sorted(known)
            listed = ", ".join(allowed) or "none"
            error = InvalidInputError.in_parameter(
                name[:100], "unknown_parameter", f"Unknown parameter. Known ones: {listed}."
            )
            error.extra["allowed"] = allowed
            raise error
        if len(values) > 1 and name not in repeatable:
            raise InvalidInputError.in_parameter(
                name, "repeated_parameter", "This parameter can be given only once."
            )


def whole_number(request: Request, name: str, *, default: int, highest: int) -> int:
    """The parameter ``name`` as a number from 1 to ``highest``; anything else is refused."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= highest):
        raise InvalidInputError.in_parameter(
            name, "out_of_range", f"Must be a whole number from 1 to {highest}."
        )
    return int(text)


def one_of(request: Request, name: str, known: Sequence[str]) -> str:
    """The parameter ``name``, one of the words in ``known``; the first of them if it is missing.

    No other parameter is taken beside it.
    """
    refuse_unknown(request, {name}, ())
    word = request.query_params.get(name, known[0])
    if word not in known:
        raise InvalidInputError.in_parameter(name, "not_a_choice", f"One of {', '.join(known)}.")
    return word


def integer_parameter(name: str, description: str, *, default: int, highest: int) -> dict[str, Any]:
    """How ``whole_number`` stands in the schema."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "integer", "minimum": 1, "maximum": highest, "default": default},
    }
