"""Filters of news from the site and of 3D models."""

from typing import Any

from django.db.models import QuerySet

from catalog.choices import UpdateStatus
from catalog.models import ConstructionUpdate, Model3D
from config.shared.filter_fields import BooleanFilter, ChoiceFilter, UUIDFilter
from config.shared.filters import FilterSet


class UpdateFilter(FilterSet):
    """News by state and phase; drafts are there for the builder only."""

    status = ChoiceFilter(choices=UpdateStatus.choices)
    phase = UUIDFilter(field_name="phase")

    class Meta:
        model = ConstructionUpdate
        fields: list[str] = []


class ModelFilter(FilterSet):
    """3D models by their version."""

    latest = BooleanFilter(
        method="filter_latest", label="Only the newest version of each title, or only the others."
    )

    class Meta:
        model = Model3D
        fields: list[str] = []

    def filter_latest(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """The newest that the caller may see of each title, or what came before it."""
        latest = Model3D.objects.visible_to(self.request.user).newest_versions().values("pk")
        return queryset.filter(pk__in=latest) if value else queryset.exclude(pk__in=latest)
