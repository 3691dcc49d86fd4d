"""What people were told."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
)

from config.shared.admin import EvidenceAdmin
from messaging.models import Notification


@admin.register(Notification)
class NotificationAdmin(EvidenceAdmin):
    """Notifications."""

    list_display = ("type", "user", "priority", "read_at", "created_at")
    list_select_related = ("user",)
    list_filter = (
        ("user", AutocompleteSelectFilter),
        ("type", FieldTextFilter),
        ("priority", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("type__istartswith", "user__full_name__istartswith")
    date_hierarchy = "created_at"
