"""Filters of instalments."""

from typing import Any

from django.db.models import QuerySet

from bookings.choices import InstalmentKind, InstalmentStatus
from bookings.models import Instalment
from bookings.querysets.homes import led_builders
from config.shared.filter_fields import (
    AnyOfFilter,
    BooleanFilter,
    ChoiceFilter,
    DateFilter,
    UUIDFilter,
)
from config.shared.filters import FilterSet

ROLES = [("customer", "As customer"), ("builder", "For a builder")]


class InstalmentFilter(FilterSet):
    """Instalments by what they are of, where they stand, and when they are due."""

    status = AnyOfFilter(choices=InstalmentStatus.choices)
    kind = ChoiceFilter(choices=InstalmentKind.choices)
    development = UUIDFilter(field_name="booking__development")
    booking = UUIDFilter(field_name="booking")
    due_from = DateFilter(field_name="due_date", lookup_expr="gte")
    due_until = DateFilter(field_name="due_date", lookup_expr="lte")
    owed = BooleanFilter(
        method="filter_owed", label="Only those that have to be paid now, or all others."
    )
    objected = BooleanFilter(
        method="filter_objected", label="Only those with an objection that awaits its answer."
    )
    waiver_asked = BooleanFilter(
        method="filter_waiver_asked", label="Only those whose waiver awaits a second person."
    )
    role = ChoiceFilter(
        choices=ROLES,
        method="filter_role",
        label="Only one's own, or only those owed to builders for whom one acts.",
    )

    class Meta:
        model = Instalment
        fields: list[str] = []

    def filter_owed(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """What is due of bookings that go on, or all others."""
        owed = Instalment.objects.order_by().demanded().values("pk")
        return queryset.filter(pk__in=owed) if value else queryset.exclude(pk__in=owed)

    def filter_objected(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those with an open objection, or all others."""
        open_ones = Instalment.objects.order_by().objected().values("pk")
        return queryset.filter(pk__in=open_ones) if value else queryset.exclude(pk__in=open_ones)

    def filter_waiver_asked(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those whose waiver one person asked for, or all others; not the caller's own debts."""
        asked = (
            Instalment.objects.order_by()
            .filter(waiver_asked_at__isnull=False, waived_at__isnull=True)
            .exclude(booking__customer=self.request.user)
            .values("pk")
        )
        return queryset.filter(pk__in=asked) if value else queryset.exclude(pk__in=asked)

    def filter_role(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What the caller owes, or what is owed to builders for whom they act."""
        user = self.request.user
        if value == "customer":
            return queryset.filter(booking__customer=user)
        return queryset.filter(booking__builder__in=led_builders(user))
