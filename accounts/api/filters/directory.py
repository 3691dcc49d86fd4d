"""Filters of the contractor directory."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.services.directory import today_for_everybody
from config.shared.filter_fields import BooleanFilter, CharFilter, NumberFilter
from config.shared.place_filters import PlaceFilterSet


class ContractorFilter(PlaceFilterSet):
    """Contractors by skill, trade, city, approval, rating and place."""

    skill = CharFilter(method="filter_skill", max_length=120)
    trade = CharFilter(method="filter_trade", max_length=60)
    city = CharFilter(method="filter_city", max_length=120)
    verified = BooleanFilter(
        method="filter_verified",
        label="Only those whose papers staff have approved, or have not.",
    )
    rating_min = NumberFilter(field_name="rating", lookup_expr="gte", max_value=5)

    class Meta:
        model = User
        fields: list[str] = []

    def filter_near(self, queryset: Any, name: str, value: Any) -> Any:
        """Those around the point, of those who let their neighbourhood be known."""
        return super().filter_near(queryset.placed(), name, value)

    def filter_bbox(self, queryset: Any, name: str, value: Any) -> Any:
        """Those in the box, of those who let their neighbourhood be known."""
        return super().filter_bbox(queryset.placed(), name, value)

    def filter_skill(self, queryset: QuerySet[Any], name: str, value: str) -> Any:
        """Those who list the skill."""
        return queryset.with_skill(value)  # type: ignore[attr-defined]

    def filter_trade(self, queryset: QuerySet[Any], name: str, value: str) -> Any:
        """Those who practise the trade."""
        return queryset.of_trade(value)  # type: ignore[attr-defined]

    def filter_city(self, queryset: QuerySet[Any], name: str, value: str) -> Any:
        """Those in the city."""
        return queryset.in_city(value)  # type: ignore[attr-defined]

    def filter_verified(self, queryset: QuerySet[Any], name: str, value: bool) -> Any:
        """Those with approved papers, or without."""
        approved = User.objects.approved(today=today_for_everybody()).values("pk")
        return queryset.filter(pk__in=approved) if value else queryset.exclude(pk__in=approved)
