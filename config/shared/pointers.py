"""JSON pointers (RFC 6901) and how nested validation errors become a list of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from config.shared.errors import FieldError

NON_FIELD = "non_field_errors"


def extend(pointer: str, token: str | int) -> str:
    """``pointer`` one step deeper, with ``~`` and ``/`` escaped in the new token."""
    return f"{pointer}/{str(token).replace('~', '~0').replace('/', '~1')}"


def field_errors(detail: Any, pointer: str = "") -> list[FieldError]:
    """Flatten what Django REST framework reports (dicts, lists, ``ErrorDetail``) into pointers."""
    return list(_flatten(detail, pointer))


def _flatten(detail: Any, pointer: str) -> Iterator[FieldError]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            at = pointer if name == NON_FIELD else extend(pointer, name)
            yield from _flatten(inner, at)
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _flatten(inner, extend(pointer, index) if nested else pointer)
    else:
        yield FieldError(pointer, str(getattr(detail, "code", None) or "invalid"), str(detail))
