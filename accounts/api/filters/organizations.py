"""Filters of organizations and their members."""

from typing import Any

from django.db.models import QuerySet

from accounts.choices import MembershipRole, MembershipStatus, OrganizationKind
from accounts.models import Membership, Organization
from config.shared.filter_fields import BooleanFilter, CharFilter, ChoiceFilter
from config.shared.filters import FilterSet
from config.shared.place_filters import PlaceFilterSet


class OrganizationFilter(PlaceFilterSet):
    """Organizations by kind, city, verification, membership and place."""

    kind = ChoiceFilter(choices=OrganizationKind.choices)
    city = CharFilter(lookup_expr="iexact", max_length=120)
    country = CharFilter(lookup_expr="exact", max_length=2)
    verified = BooleanFilter(
        field_name="verified_at",
        lookup_expr="isnull",
        exclude=True,
        label="Only those that staff have verified, or have not.",
    )
    mine = BooleanFilter(method="filter_mine", label="Only those that the caller is a member of.")

    class Meta:
        model = Organization
        fields: list[str] = []

    def filter_mine(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those of the caller, or those of others."""
        mine = Organization.objects.of_member(self.request.user)
        return queryset.filter(pk__in=mine) if value else queryset.exclude(pk__in=mine)


class MemberFilter(FilterSet):
    """Members by role and state."""

    role = ChoiceFilter(choices=MembershipRole.choices)
    status = ChoiceFilter(choices=MembershipStatus.choices)

    class Meta:
        model = Membership
        fields: list[str] = []
