"""Filters of buildings and residencies."""

from typing import Any

from django.db.models import QuerySet

from accounts.choices import ResidencyRelation, ResidencyStatus
from accounts.models import Building, Residency
from config.shared.filter_fields import BooleanFilter, CharFilter, ChoiceFilter, UUIDFilter
from config.shared.filters import FilterSet
from config.shared.place_filters import PlaceFilterSet


class BuildingFilter(PlaceFilterSet):
    """Buildings by city, society, residence and place."""

    city = CharFilter(lookup_expr="iexact", max_length=120)
    country = CharFilter(lookup_expr="exact", max_length=2)
    society = UUIDFilter(field_name="society")
    mine = BooleanFilter(
        method="filter_mine", label="Only those where the caller is a verified resident."
    )

    class Meta:
        model = Building
        fields: list[str] = []

    def filter_mine(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those where the caller lives, or does not."""
        homes = Building.objects.lived_in_by(self.request.user)
        return queryset.filter(pk__in=homes) if value else queryset.exclude(pk__in=homes)


class ResidencyFilter(FilterSet):
    """Residencies by building, home, relation, state and whose they are."""

    building = UUIDFilter(field_name="building")
    unit_label = CharFilter(lookup_expr="iexact", max_length=40)
    relation = ChoiceFilter(choices=ResidencyRelation.choices)
    status = ChoiceFilter(choices=ResidencyStatus.choices)
    mine = BooleanFilter(method="filter_mine", label="Only the caller's own, or all others.")

    class Meta:
        model = Residency
        fields: list[str] = []

    def filter_mine(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """The caller's own, or those of others."""
        user = self.request.user
        return queryset.filter(user=user) if value else queryset.exclude(user=user)
