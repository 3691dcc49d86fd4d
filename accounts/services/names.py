"""How a person's full name and its two parts are kept together."""

from collections.abc import Mapping
from typing import Any

PARTS = ("first_name", "last_name")
LONGEST_PART = 80


def complete_names(
    given: Mapping[str, Any], *, present: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The name columns that follow from the ones a person gave.

    ``given`` may hold ``full_name``, ``first_name`` and ``last_name``; ``present`` are the names
    as they stand. What is given is kept (with single spaces), the rest is derived from it once:
    the last word of a full name is the last name. Returns only what is to be written.
    """
    names = {
        field: tidy(given[field]) for field in ("full_name", *PARTS) if given.get(field) is not None
    }
    if not names:
        return {}
    if "full_name" in names:
        return split_name(names["full_name"]) | names
    parts = {part: names.get(part, (present or {}).get(part, "")) for part in PARTS}
    return names | {"full_name": tidy(f"{parts['first_name']} {parts['last_name']}")[:160]}


def split_name(full_name: str) -> dict[str, str]:
    """First and last name of a full one, each cut to what its column holds."""
    first, _, last = full_name.rpartition(" ")
    if not first:
        first, last = last, ""
    return {"first_name": first[:LONGEST_PART].strip(), "last_name": last[:LONGEST_PART]}


def tidy(name: str) -> str:
    """A name without spaces around it and with single ones inside."""
    return " ".join(str(name).split())
