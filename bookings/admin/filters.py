"""Filters of lists that no column answers."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest


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
