"""Wishes to be forgotten, for staff to watch."""

from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from accounts.models import ErasureRequest
from config.shared.admin import EvidenceAdmin


@admin.register(ErasureRequest)
class ErasureRequestAdmin(EvidenceAdmin):
    """Who asked to be erased, until when they can come back, and what holds it up."""

    list_display = ("created_at", "user", "status", "due_at", "held_at", "finished_at")
    list_select_related = ("user",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("due_at", RangeDateTimeFilter),
        ("held_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith",)
    date_hierarchy = "created_at"
