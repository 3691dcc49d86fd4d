"""The back office's pages of live events, for superusers: no group of staff may see them."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
)

from config.shared.admin import EvidenceAdmin
from messaging.models import LiveEvent, RealtimeTicket


@admin.register(LiveEvent)
class LiveEventAdmin(EvidenceAdmin):
    """What clients were told of: identifiers and states, never content."""

    list_display = ("id", "type", "user", "xid", "created_at")
    list_select_related = ("user",)
    list_filter = (
        ("user", AutocompleteSelectFilter),
        ("type", FieldTextFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("type__istartswith", "user__full_name__istartswith")
    date_hierarchy = "created_at"


@admin.register(RealtimeTicket)
class RealtimeTicketAdmin(EvidenceAdmin):
    """Tickets for sockets; what they are good by is kept nowhere."""

    list_display = ("created_at", "user", "expires_at", "used_at")
    list_select_related = ("user",)
    list_filter = (
        ("user", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith",)
    date_hierarchy = "created_at"
    exclude = ("ticket_hash",)
