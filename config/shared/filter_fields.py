"""Filters that know their bounds and refuse what they do not understand."""

from typing import Any

from django import forms
from django_filters import rest_framework as base
from django_filters.fields import BaseCSVField, MultipleChoiceField

MAX_TEXT = 200
MAX_VALUES = 100
MAX_NUMBER = 10**12
TRUTH = {"true": True, "1": True, "false": False, "0": False}


class CharFilter(base.CharFilter):
    """Text of at most ``max_length`` characters (200)."""

    def __init__(self, *args: Any, max_length: int = MAX_TEXT, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)
        self.bounds = {"maxLength": max_length}


class NumberFilter(base.NumberFilter):
    """A number from ``min_value`` (0) to ``max_value`` (10¹²)."""

    def __init__(
        self, *args: Any, min_value: float = 0, max_value: float = MAX_NUMBER, **kwargs: Any
    ) -> None:
        kwargs.setdefault("max_digits", 18)
        super().__init__(*args, min_value=min_value, max_value=max_value, **kwargs)
        self.bounds = {"minimum": min_value, "maximum": max_value}


class TruthField(forms.Field):
    """``true`` or ``false``; everything else is an error instead of "unknown"."""

    default_error_messages = {"invalid": "Must be true or false."}

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        truth = TRUTH.get(str(value).lower())
        if truth is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return truth


class BooleanFilter(base.BooleanFilter):
    """``true`` or ``false``."""

    field_class = TruthField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["widget"] = forms.TextInput
        super().__init__(*args, **kwargs)


class UUIDFilter(base.UUIDFilter):
    """An identifier; one that nothing visible has finds nothing."""


class DateFilter(base.DateFilter):
    """A day, ``2026-11-21``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)


class MomentFilter(base.IsoDateTimeFilter):
    """A moment in RFC 3339, ``2026-11-21T10:00:00Z``."""


class ChoiceFilter(base.ChoiceFilter):
    """One of the model's choices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"empty_label": None, **kwargs})


class SomeChoicesField(MultipleChoiceField):
    """Several choices, each at most once."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(set(value or ())) != len(value or ()):
            raise forms.ValidationError("The same value stands here twice.", code="repeated")


class AnyOfFilter(base.MultipleChoiceFilter):
    """One or more of the choices; the parameter may be repeated."""

    field_class = SomeChoicesField
    bounds = {"uniqueItems": True}


class BoundedListField(BaseCSVField):
    """Values separated by commas, not too many of them."""

    def clean(self, value: Any) -> Any:
        if value is not None and not 1 <= len(value) <= MAX_VALUES:
            raise forms.ValidationError(f"From 1 to {MAX_VALUES} values.", code="max_length")
        return super().clean(value)


class IdListFilter(base.BaseInFilter, base.UUIDFilter):
    """Up to a hundred identifiers, separated by commas."""

    base_field_class = BoundedListField
    bounds = {"minItems": 1, "maxItems": MAX_VALUES}
