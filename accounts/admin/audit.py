"""What was done, by whom and why."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
)

from accounts.models import AuditEvent
from config.shared.admin import EvidenceAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(EvidenceAdmin):
    """Acts: a list that only ever grows."""

    list_display = ("at", "action", "actor", "object_type", "object_id", "reason")
    list_select_related = ("actor",)
    list_filter = (
        ("at", RangeDateTimeFilter),
        ("action", FieldTextFilter),
        ("object_type", FieldTextFilter),
        ("actor", AutocompleteSelectFilter),
    )
    search_fields = ("object_id", "request_id")
    search_help_text = "The identifier of a thing, or of a request."
    date_hierarchy = "at"
