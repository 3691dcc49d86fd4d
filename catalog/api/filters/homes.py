"""Filters of developments and units."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from catalog.choices import DevelopmentStatus, DevelopmentType, UnitStatus, UnitType
from catalog.models import Development, Unit
from config.shared.filter_fields import (
    AnyOfFilter,
    BooleanFilter,
    BoundedListField,
    CharFilter,
    DateFilter,
    IdListFilter,
    NumberFilter,
    UUIDFilter,
)
from config.shared.filters import FilterSet
from config.shared.place_filters import PlaceFilterSet

MOST_COMPARED = 20
# What a filter of developments asks of one and the same available unit.
UNIT_CONDITIONS = {
    "price_min": "price__gte",
    "price_max": "price__lte",
    "bedrooms": "bedrooms",
}


class WholeFilter(NumberFilter):
    """A whole number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, decimal_places=0, **kwargs)


class ComparedField(BoundedListField):
    """Identifiers of so few things that they can be looked at side by side."""

    def clean(self, value: Any) -> Any:
        if value is not None and len(value) > MOST_COMPARED:
            raise forms.ValidationError(f"At most {MOST_COMPARED} values.", code="max_length")
        return super().clean(value)


class ComparedFilter(IdListFilter):
    """Up to twenty identifiers, separated by commas."""

    base_field_class = ComparedField
    bounds = {"minItems": 1, "maxItems": MOST_COMPARED}


class DevelopmentFilter(PlaceFilterSet):
    """Developments by what they are, where they stand, and what is available in them."""

    city = CharFilter(lookup_expr="iexact", max_length=120)
    state = CharFilter(lookup_expr="iexact", max_length=120)
    country = CharFilter(lookup_expr="exact", max_length=2)
    type = AnyOfFilter(choices=DevelopmentType.choices)
    status = AnyOfFilter(choices=DevelopmentStatus.choices)
    is_selling = BooleanFilter()
    builder = UUIDFilter(field_name="builder")
    amenity = CharFilter(
        field_name="amenities",
        lookup_expr="icontains",
        max_length=60,
        label="Words that one of the amenities has.",
    )
    currency = CharFilter(lookup_expr="exact", max_length=3)
    price_min = NumberFilter(method="leave", label="An available unit costs at least this.")
    price_max = NumberFilter(method="leave", label="An available unit costs at most this.")
    bedrooms = WholeFilter(
        method="leave", max_value=50, label="An available unit has so many bedrooms."
    )
    launch_min = DateFilter(field_name="launch_date", lookup_expr="gte")
    launch_max = DateFilter(field_name="launch_date", lookup_expr="lte")
    completion_min = DateFilter(field_name="expected_completion", lookup_expr="gte")
    completion_max = DateFilter(field_name="expected_completion", lookup_expr="lte")
    mine = BooleanFilter(
        method="filter_mine", label="Only those of builders for whom the caller acts, or others."
    )

    class Meta:
        model = Development
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """As declared; price and bedrooms have to hold of one and the same available unit."""
        found = super().filter_queryset(queryset)
        given = {
            lookup: value
            for name, lookup in UNIT_CONDITIONS.items()
            if (value := self.form.cleaned_data.get(name)) is not None
        }
        if not given:
            return found
        units = Unit.objects.available().filter(development=OuterRef("pk"), **given)
        return found.filter(Exists(units))

    def leave(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Everything: see ``filter_queryset``."""
        return queryset

    def filter_mine(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those of the caller's builders, or those of others."""
        mine = Development.objects.of_team(self.request.user).order_by().values("pk")
        return queryset.filter(pk__in=mine) if value else queryset.exclude(pk__in=mine)


class UnitsOfDevelopmentFilter(FilterSet):
    """Units by floor, size, price and state as it is now."""

    block = CharFilter(lookup_expr="iexact", max_length=40)
    floor = WholeFilter(min_value=-10, max_value=300)
    floor_min = WholeFilter(field_name="floor", lookup_expr="gte", min_value=-10, max_value=300)
    floor_max = WholeFilter(field_name="floor", lookup_expr="lte", min_value=-10, max_value=300)
    bedrooms = WholeFilter(max_value=50)
    bedrooms_min = WholeFilter(field_name="bedrooms", lookup_expr="gte", max_value=50)
    bathrooms = WholeFilter(max_value=50)
    unit_type = AnyOfFilter(choices=UnitType.choices)
    price_min = NumberFilter(field_name="price", lookup_expr="gte")
    price_max = NumberFilter(field_name="price", lookup_expr="lte")
    area_min = NumberFilter(field_name="area", lookup_expr="gte")
    area_max = NumberFilter(field_name="area", lookup_expr="lte")
    status = AnyOfFilter(
        field_name="live_status",
        choices=UnitStatus.choices,
        label="The state as it is now: what is held by nobody any more is available.",
    )
    building = UUIDFilter(field_name="building")
    view = CharFilter(lookup_expr="icontains", max_length=120)
    ids = ComparedFilter(field_name="pk", label=f"Up to {MOST_COMPARED} units, to compare them.")

    class Meta:
        model = Unit
        fields: list[str] = []


class UnitFilter(UnitsOfDevelopmentFilter):
    """Units of all developments."""

    development = UUIDFilter(field_name="development")
    city = CharFilter(field_name="development__city", lookup_expr="iexact", max_length=120)
    currency = CharFilter(lookup_expr="exact", max_length=3)
