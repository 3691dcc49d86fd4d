"""Filters of news from the site and of 3D models."""

from catalog.choices import UpdateStatus
from catalog.models import ConstructionUpdate
from config.shared.filter_fields import ChoiceFilter, UUIDFilter
from config.shared.filters import FilterSet


class UpdateFilter(FilterSet):
    """News by state and phase; drafts are there for the builder only."""

    status = ChoiceFilter(choices=UpdateStatus.choices)
    phase = UUIDFilter(field_name="phase")

    class Meta:
        model = ConstructionUpdate
        fields: list[str] = []
