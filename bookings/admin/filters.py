"""Filters of lists that no column answers."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from bookings.choices import TransactionStatus
from bookings.services.payouts import waiting_payouts


class OpenObjectionFilter(SimpleListFilter):
    """Instalments whose objection nobody has answered."""

    title = "objection"
    parameter_name = "objection"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("answered", "Answered")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "open":
            return queryset.filter(objected_at__isnull=False, objection_resolved_at__isnull=True)
        if self.value() == "answered":
            return queryset.filter(objection_resolved_at__isnull=False)
        return queryset


class DisputeFilter(SimpleListFilter):
    """Sales whose buyer objects, by how far the decision is."""

    title = "dispute"
    parameter_name = "dispute"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("second", "Waits for a second person"), ("over", "Over")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        disputed = {"status": TransactionStatus.DISPUTED}
        if self.value() == "open":
            return queryset.filter(**disputed)
        if self.value() == "second":
            return queryset.filter(**disputed, dispute_first_by__isnull=False)
        if self.value() == "over":
            return queryset.filter(dispute_decided_at__isnull=False)
        return queryset


class PayoutFilter(SimpleListFilter):
    """Sales whose money is the seller's and was not sent to them."""

    title = "payout"
    parameter_name = "payout"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "waiting":
            return queryset.filter(pk__in=waiting_payouts().order_by().values("pk"))
        return queryset
