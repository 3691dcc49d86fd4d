"""Finds what a client could send without end; a rule of the architecture, checked by a test."""

from collections.abc import Iterator
from typing import Any

from rest_framework import serializers

from config.shared.fields import BoundedDictField, VisibleManyField
from config.shared.safe_json import JSONBounds

# Fields that are text on the way in but read a fixed form only.
FIXED_FORM = (serializers.IPAddressField,)
COUNTED = (serializers.ListField, BoundedDictField, VisibleManyField, serializers.ListSerializer)


def unbounded_fields(serializer: Any) -> list[str]:
    """Paths of the writable fields of ``serializer`` whose strings, lists or JSON have no limit.

    Takes a serializer class or instance and looks into nested serializers and lists, too.
    """
    instance = serializer() if isinstance(serializer, type) else serializer
    return list(_unbounded(instance, ""))


def _unbounded(field: Any, path: str) -> Iterator[str]:
    if field.read_only or isinstance(field, serializers.HiddenField):
        return
    if isinstance(field, serializers.Serializer):
        for name, inner in field.fields.items():
            yield from _unbounded(inner, f"{path}.{name}".lstrip("."))
        return
    if not _is_bounded(field, is_root=path == ""):
        yield path
    child = getattr(field, "child", None)
    if child is not None:
        yield from _unbounded(child, f"{path}[]")


def _is_bounded(field: Any, *, is_root: bool) -> bool:
    if isinstance(field, serializers.JSONField):
        return any(isinstance(found, JSONBounds) for found in field.validators)
    if isinstance(field, serializers.CharField) and not isinstance(field, FIXED_FORM):
        return field.max_length is not None
    if isinstance(field, COUNTED):
        return getattr(field, "max_length", None) is not None
    return not isinstance(field, serializers.DictField | serializers.ManyRelatedField)
