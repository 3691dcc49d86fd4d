"""Filters of what one sells."""

from catalog.choices import ProductStatus
from catalog.models import Product
from config.shared.filter_fields import AnyOfFilter
from config.shared.filters import FilterSet


class OwnProductFilter(FilterSet):
    """What one sells, by state."""

    status = AnyOfFilter(choices=ProductStatus.choices)

    class Meta:
        model = Product
        fields: list[str] = []
