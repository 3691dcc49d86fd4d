"""Filters of notifications."""

from typing import Any

from django.db.models import QuerySet

from config.shared.filter_fields import BooleanFilter, CharFilter, ChoiceFilter
from config.shared.filters import FilterSet
from messaging.choices import NotificationCategory, NotificationPriority
from messaging.models import Notification


class NotificationFilter(FilterSet):
    """Notifications by what they are about, and whether they were read."""

    is_read = BooleanFilter(method="filter_read", label="Those that were read, or were not.")
    type = CharFilter(field_name="type", max_length=40, label="The name of the happening.")
    category = ChoiceFilter(choices=NotificationCategory.choices)
    priority = ChoiceFilter(choices=NotificationPriority.choices)

    class Meta:
        model = Notification
        fields: list[str] = []

    def filter_read(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset.filter(read_at__isnull=not value)
        return found
