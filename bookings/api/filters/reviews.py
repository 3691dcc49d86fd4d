"""Filters of reviews."""

from typing import Any

from django.db.models import QuerySet

from bookings.models import Review
from config.shared.filter_fields import BooleanFilter, UUIDFilter
from config.shared.filters import FilterSet


class ReviewFilter(FilterSet):
    """Reviews by whom they are about, by who wrote them, and by the deal."""

    user = UUIDFilter(field_name="subject_user", label="The person that they are about.")
    organization = UUIDFilter(
        field_name="subject_organization", label="The organization that they are about."
    )
    author = UUIDFilter(field_name="author", label="Who wrote them.")
    mine = BooleanFilter(
        method="filter_mine", label="Only those that the caller wrote, or only the others."
    )

    class Meta:
        model = Review
        fields: list[str] = []

    def filter_mine(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those of the caller as author, or of others; of nobody who is not signed in."""
        own = {"author": self.request.user.pk}
        return queryset.filter(**own) if value else queryset.exclude(**own)
