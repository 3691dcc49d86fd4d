"""Buildings and who lives in them."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateFilter,
    RangeDateTimeFilter,
    RangeNumericFilter,
)
from unfold.decorators import display

from accounts.admin.exports import ResidencyResource
from accounts.choices import ResidencyStatus
from accounts.models import Building, Residency
from config.shared.admin import CourtyardAdmin, EvidenceAdmin, NoDeleteMixin, ReadOnlyInline
from config.shared.admin_exports import ExportingMixin
from config.shared.row_history import HistoryMixin

STATUS_COLOURS = {
    ResidencyStatus.VERIFIED: "success",
    ResidencyStatus.CLAIMED: "info",
    ResidencyStatus.REJECTED: "danger",
    ResidencyStatus.ENDED: "warning",
}


class ResidentInline(ReadOnlyInline):
    model = Residency
    fields = ("user", "unit_label", "relation", "status", "method", "since", "until")


@admin.register(Building)
class BuildingAdmin(NoDeleteMixin, CourtyardAdmin):
    """Buildings."""

    list_display = ("name", "society", "neighborhood", "city", "floors", "units_count")
    list_select_related = ("society",)
    list_filter = (
        ("society", AutocompleteSelectFilter),
        ("city", FieldTextFilter),
        ("floors", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("name__istartswith", "address__istartswith")
    date_hierarchy = "created_at"
    autocomplete_fields = ("society",)
    inlines = (ResidentInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Building]:
        return super().get_queryset(request).select_related("society")


@admin.register(Residency)
class ResidencyAdmin(ExportingMixin, HistoryMixin, EvidenceAdmin):
    """Who lives where, and how it was proved."""

    resource_classes = (ResidencyResource,)
    list_display = ("user", "building", "unit_label", "relation", "state_label", "since", "until")
    list_select_related = ("user", "building")
    list_filter = (
        ("building", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("relation", ChoicesDropdownFilter),
        ("method", ChoicesDropdownFilter),
        ("since", RangeDateFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith", "unit_label__istartswith")

    @display(description="Status", label=STATUS_COLOURS, ordering="status")
    def state_label(self, obj: Residency) -> str:
        return obj.status
