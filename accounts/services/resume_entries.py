"""Entries of a profile and entries of a JSON Resume: one table of names, used both ways.

Keys that one side does not know pass through unchanged. Where such a key has the name of a known
one of the other side, it travels in a box: ``courtyard`` inside an entry of a résumé,
``jsonresume`` inside an entry of a profile. So both round trips give back what went in.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from accounts.services.profile_schemas import RESUME, schema
from config.shared.errors import FieldError
from config.shared.pointers import extend

OURS = "courtyard"
THEIRS = "jsonresume"

# The sections of a résumé and the columns of a profile that hold the same.
SECTIONS = {
    "work": "work_experience",
    "education": "education",
    "skills": "skills",
    "languages": "languages",
    "certificates": "certificates",
}
LINKS = "portfolio_links"
_DATES = {"startDate": "start_date", "endDate": "end_date"}
_RENAMED: dict[str, dict[str, str]] = {
    "work": {"name": "company", **_DATES},
    "education": {"studyType": "study_type", **_DATES},
}
Entry = dict[str, Any]


def to_entry(section: str, entry: Mapping[str, Any]) -> Entry:
    """The entry of a profile for an ``entry`` of a résumé's ``section``."""
    names = _RENAMED.get(section, {})
    boxed = {key: value for key, value in entry.items() if _is_theirs(key, value, names)}
    found = {
        names.get(key, key): value
        for key, value in entry.items()
        if key not in boxed and key != OURS
    }
    if boxed:
        found[THEIRS] = boxed
    ours = entry.get(OURS)
    return found | ours if isinstance(ours, dict) else found


def from_entry(section: str, entry: Mapping[str, Any]) -> Entry:
    """The entry of a résumé's ``section`` for an ``entry`` of a profile."""
    names = _RENAMED.get(section, {})
    back = {ours: theirs for theirs, ours in names.items()}
    theirs = entry.get(THEIRS)
    open_box = isinstance(theirs, dict) and all(
        _is_theirs(key, value, names) for key, value in theirs.items()
    )
    standard = _standard_keys(section)
    boxed = {
        key: value
        for key, value in entry.items()
        if (value is None and back.get(key, key) in standard)
        or key == OURS
        or key in names
        or (key == THEIRS and not open_box)
    }
    found = {
        back.get(key, key): value
        for key, value in entry.items()
        if key not in boxed and key != THEIRS
    }
    if open_box and theirs:
        found |= theirs
    elif open_box:
        boxed[THEIRS] = {}
    return found | {OURS: boxed} if boxed else found


def body_pointer(error: FieldError, *, website: bool) -> FieldError:
    """``error`` in a profile's column, with its pointer leading into the résumé instead.

    ``website`` says that the first link stands in the résumé as ``basics.url``.
    """
    _, column, *steps = error.pointer.split("/")
    section = next((name for name, field in SECTIONS.items() if field == column), "")
    names = _RENAMED.get(section, {})
    back = {ours: theirs for theirs, ours in names.items()}
    if column == LINKS:
        return _with_pointer(error, _link_pointer(steps, website=website))
    pointer = f"/{section}"
    for step in steps:
        pointer = extend(pointer, back.get(step, step))
    return _with_pointer(error, pointer)


def _link_pointer(steps: list[str], *, website: bool) -> str:
    if not steps:
        return "/basics/profiles"
    index = int(steps[0]) - website
    if index < 0:
        return "/basics/url"
    return "/".join(["/basics/profiles", str(index), *steps[1:]])


def _with_pointer(error: FieldError, pointer: str) -> FieldError:
    return FieldError(pointer, error.code, error.detail)


@cache
def _standard_keys(section: str) -> frozenset[str]:
    """The keys of an entry that the standard gives a type, which is never null."""
    sections = schema(RESUME)["properties"]
    sections = sections | sections["basics"]["properties"]
    return frozenset(sections[section]["items"]["properties"])


def _is_theirs(key: str, value: Any, names: Mapping[str, str]) -> bool:
    """Whether a key of a résumé's entry would be mistaken for one of ours."""
    if key == OURS:
        return not isinstance(value, dict)
    return key == THEIRS or key in names.values()
