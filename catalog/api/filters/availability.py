"""Filters of days that differ."""

from catalog.models import AvailabilityException
from config.shared.filter_fields import BooleanFilter, DateFilter
from config.shared.filters import FilterSet


class AvailabilityExceptionFilter(FilterSet):
    """Days by range, and whether they are closed."""

    day_min = DateFilter(field_name="day", lookup_expr="gte")
    day_max = DateFilter(field_name="day", lookup_expr="lte")
    is_closed = BooleanFilter(field_name="is_closed")

    class Meta:
        model = AvailabilityException
        fields: list[str] = []
