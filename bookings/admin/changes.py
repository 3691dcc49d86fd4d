"""The queue of change requests."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from bookings.admin.change_acts import ChangeRequestActs
from bookings.admin.colours import CHANGE_COLOURS
from bookings.admin.tables import money, timeline_table
from bookings.models import ChangeRequest
from catalog.admin.pictures import LookedAtMixin, gallery
from config.shared.admin import by_label


@admin.register(ChangeRequest)
class ChangeRequestAdmin(LookedAtMixin, ChangeRequestActs):
    """What customers want changed in their units, those that wait longest first."""

    list_display = ("reference", "unit", "customer", "category", "state_label", "submitted_at")
    list_select_related = ("unit", "customer")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("category", ChoicesDropdownFilter),
        ("booking", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("reference__istartswith", "customer__full_name__istartswith")
    date_hierarchy = "created_at"
    ordering = ("created_at", "pk")
    fields = (
        "reference",
        "state_label",
        "booking",
        "unit",
        "customer",
        "category",
        "description",
        "pictures",
        "cutoff_phase",
        "price",
        "extra_days",
        "quote_valid_until",
        "decision_note",
        "decided_by",
        "decided_at",
        "instalment",
        "submitted_at",
        "completed_at",
        "timeline",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChangeRequest]:
        found = super().get_queryset(request)
        return found.select_related("unit", "customer", "booking", "cutoff_phase", "instalment")

    @display(description="Status", label=by_label(CHANGE_COLOURS), ordering="status")
    def state_label(self, obj: ChangeRequest) -> str:
        return obj.get_status_display()

    @display(description="Quoted price")
    def price(self, obj: ChangeRequest) -> str:
        return money(obj.quoted_price, obj.currency)

    @display(description="Pictures and papers")
    def pictures(self, obj: Any) -> SafeString:
        return gallery(obj, obj.media.all(), empty="None.")

    @display(description="What was done")
    def timeline(self, obj: ChangeRequest) -> SafeString:
        return timeline_table(obj)
