"""Filters by place: ``?near=lat,lng&radius_km=`` and ``?bbox=west,south,east,north``."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters import rest_framework as base

from config.shared.errors import InvalidInputError
from config.shared.filter_fields import NumberFilter
from config.shared.filters import FilterSet

DEFAULT_RADIUS_KM = 10
MAX_RADIUS_KM = 500
LONGEST_NUMBER = 24


def longest(shape: str) -> int:
    """How many characters numbers of this shape may take."""
    return len(shape.split(",")) * LONGEST_NUMBER


class NumbersField(forms.CharField):
    """So many decimal numbers, separated by commas."""

    default_error_messages = {"invalid": "Must be numbers separated by commas: %(shape)s."}

    def __init__(self, *args: Any, shape: str, **kwargs: Any) -> None:
        self.shape = shape
        self.count = len(shape.split(","))
        super().__init__(*args, max_length=longest(shape), **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            numbers = tuple(float(part) for part in text.split(","))
        except ValueError:
            numbers = ()
        if len(numbers) != self.count:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"shape": self.shape}
            )
        return numbers


class NumbersFilter(base.Filter):
    """Takes ``shape``, such as ``lat,lng``; the view's filter set gives it a ``method``."""

    field_class = NumbersField

    def __init__(self, *args: Any, shape: str, **kwargs: Any) -> None:
        super().__init__(*args, shape=shape, **kwargs)
        self.bounds = {"maxLength": longest(shape)}


class PlaceFilterSet(FilterSet):
    """The base of filter sets over models with a place.

    Found by place, the nearest come first, with ``distance_m``. Strangers search a person's or a
    product's public cell: the querysets see to that.
    """

    near = NumbersFilter(
        shape="lat,lng",
        method="filter_near",
        label="Around this point: latitude and longitude in degrees; the nearest come first.",
    )
    radius_km = NumberFilter(
        method="filter_radius",
        max_value=MAX_RADIUS_KM,
        label=f"How far from `near`, in kilometres; {DEFAULT_RADIUS_KM} when left out.",
    )
    bbox = NumbersFilter(
        shape="west,south,east,north",
        method="filter_bbox",
        label="In this box of degrees; west above east crosses the antimeridian.",
    )

    def filter_near(
        self, queryset: QuerySet[Any], name: str, value: tuple[float, float]
    ) -> QuerySet[Any]:
        """What lies within the radius around the point."""
        radius = self.form.cleaned_data.get("radius_km")
        kilometres = DEFAULT_RADIUS_KM if radius is None else float(radius)
        return queryset.near(*value, kilometres * 1000)  # type: ignore[attr-defined]

    def filter_radius(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Nothing by itself: a radius needs its centre."""
        if self.form.cleaned_data.get("near") is None:
            raise InvalidInputError.in_parameter(name, "near_missing", "Give `near` as well.")
        return queryset

    def filter_bbox(
        self, queryset: QuerySet[Any], name: str, value: tuple[float, float, float, float]
    ) -> QuerySet[Any]:
        """What lies in the box."""
        return queryset.in_bbox(*value)  # type: ignore[attr-defined]
