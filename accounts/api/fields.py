"""Fields of serializers that only identity has."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from drf_spectacular.drainage import set_override
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.choices import MediaKind, MediaStatus
from accounts.models import MediaFile
from accounts.services.profile_schemas import LARGEST_PART, errors_of, schema
from config.shared.errors import FieldError
from config.shared.fields import BoundedJSONField, VisibleRelatedField
from config.shared.money import EXPONENTS
from config.shared.pointers import NON_FIELD
from config.shared.safe_json import JSONBounds

UUID_IN_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ProfilePartField(BoundedJSONField):
    """A free part of a profile; wrong types are refused where they stand, unknown keys kept."""

    def __init__(self, *, part: str, **kwargs: Any) -> None:
        self.part = part
        bounds = JSONBounds(max_bytes=LARGEST_PART, max_keys=5000)
        super().__init__(bounds=bounds, **kwargs)
        shown = {key: value for key, value in schema(part).items() if key != "$schema"}
        set_override(self, "field", shown)

    def to_internal_value(self, data: Any) -> Any:
        if errors := errors_of(self.part, data):
            raise serializers.ValidationError(nested(errors))
        return super().to_internal_value(data)


class OwnPictureField(VisibleRelatedField):
    """A picture of the caller's own: its identifier, or an address at which it is served."""

    default_error_messages = {
        "foreign": "Upload the picture first; pictures from elsewhere are not fetched.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=MediaFile, **kwargs)

    def get_queryset(self) -> Any:
        user = getattr(self.context.get("request"), "user", None)
        return (
            super()
            .get_queryset()
            .filter(owner=user, kind=MediaKind.IMAGE, status=MediaStatus.CLEAN)
        )

    def key_of(self, data: Any) -> Any:
        found = UUID_IN_TEXT.findall(data[:1000].lower()) if isinstance(data, str) else []
        if not found and isinstance(data, str):
            self.fail("foreign")
        return super().key_of(UUID(found[-1]) if found else data)


class CurrencyField(serializers.CharField):
    """A currency by its three letters (ISO 4217)."""

    default_error_messages = {"unknown": "This is not a currency we know (ISO 4217)."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 3, "min_length": 3, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if code not in EXPONENTS:
            self.fail("unknown")
        return code


def nested(errors: Iterable[FieldError]) -> dict[str, Any] | list[ErrorDetail]:
    """Errors with pointers as Django REST framework nests them below a field."""
    root: dict[str, Any] = {}
    for error in errors:
        place = root
        for token in error.pointer.split("/")[1:]:
            place = place.setdefault(token.replace("~1", "/").replace("~0", "~"), {})
        place.setdefault(NON_FIELD, []).append(ErrorDetail(error.detail, error.code))
    return root
