"""How developments rise: phases, updates and 3D models."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
    RangeDateTimeFilter,
    RangeNumericFilter,
)
from unfold.decorators import display

from catalog.admin.colours import PHASE_COLOURS, UPDATE_COLOURS
from catalog.admin.construction_acts import PhaseActs, UpdateActs
from catalog.admin.forms import ConstructionUpdateForm, ProgressPhaseForm
from catalog.admin.pictures import VIEWER_SCRIPT, LookedAtMixin, gallery, turning
from catalog.choices import UpdateStatus
from catalog.models import ConstructionUpdate, Model3D, ProgressPhase
from config.shared.admin import CourtyardAdmin, NoDeleteMixin, ReadOnlyMixin, by_label
from config.shared.admin_forms import ServiceFormMixin
from config.shared.row_history import HistoryMixin


@admin.register(ProgressPhase)
class ProgressPhaseAdmin(LookedAtMixin, HistoryMixin, NoDeleteMixin, ServiceFormMixin, PhaseActs):
    """Phases of construction; their states and per cents move by acts alone."""

    form = ProgressPhaseForm

    list_display = ("name", "development", "state_label", "percent", "weight", "planned_end")
    list_select_related = ("development",)
    list_filter = (
        ("development", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("percent", RangeNumericFilter),
        ("planned_end", RangeDateFilter),
    )
    search_fields = ("name__istartswith", "development__name__istartswith")
    date_hierarchy = "planned_end"
    fields = (
        "development",
        "name",
        "order",
        "weight",
        "planned_start",
        "planned_end",
        "description",
        "state_label",
        "percent",
        "actual_start",
        "actual_end",
        "corrected_reason",
        "evidence_pictures",
    )
    readonly_fields = (
        "development",
        "state_label",
        "percent",
        "actual_start",
        "actual_end",
        "corrected_reason",
        "evidence_pictures",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @display(description="Status", label=by_label(PHASE_COLOURS), ordering="status")
    def state_label(self, obj: ProgressPhase) -> str:
        return obj.get_status_display()

    @display(description="Evidence")
    def evidence_pictures(self, obj: ProgressPhase) -> SafeString:
        return gallery(obj, obj.evidence.all(), empty="No evidence.")


@admin.register(ConstructionUpdate)
class ConstructionUpdateAdmin(LookedAtMixin, NoDeleteMixin, ServiceFormMixin, UpdateActs):
    """News from the sites."""

    form = ConstructionUpdateForm
    autocomplete_fields = ("development", "phase")
    readonly_fields = (
        "author",
        "correction",
        "corrected_at",
        "state_label",
        "published_at",
        "percent_snapshot",
        "pictures",
    )

    list_display = ("title", "development", "phase", "state_label", "author", "published_at")
    list_select_related = ("development", "phase", "author")
    list_filter = (
        ("development", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("published_at", RangeDateTimeFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("title__istartswith", "development__name__istartswith")
    date_hierarchy = "created_at"
    fields = (
        "development",
        "phase",
        "author",
        "title",
        "body",
        "correction",
        "corrected_at",
        "state_label",
        "published_at",
        "percent_snapshot",
        "pictures",
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: ConstructionUpdate | None = None
    ) -> Any:
        """What is published is corrected visibly, and never rewritten."""
        fixed = [*self.readonly_fields]
        if obj is None:
            return fixed
        written = ("development", "phase", "title", "body")
        return [*fixed, *(written if obj.status != UpdateStatus.DRAFT else written[:1])]

    @display(description="Status", label=by_label(UPDATE_COLOURS), ordering="status")
    def state_label(self, obj: ConstructionUpdate) -> str:
        return obj.get_status_display()

    @display(description="Photographs")
    def pictures(self, obj: ConstructionUpdate) -> SafeString:
        return gallery(obj, obj.media.all(), empty="No photographs.")


@admin.register(Model3D)
class Model3DAdmin(LookedAtMixin, ReadOnlyMixin, CourtyardAdmin):
    """3D models, turning in the browser."""

    class Media:
        js = (VIEWER_SCRIPT,)

    list_display = ("title", "subject", "version", "format", "is_public", "created_at")
    list_select_related = ("development", "unit")
    list_filter = (
        ("development", AutocompleteSelectFilter),
        ("format", ChoicesDropdownFilter),
        "is_public",
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("title__istartswith", "development__name__istartswith")
    date_hierarchy = "created_at"
    fields = (
        "turning_model",
        "title",
        "development",
        "unit",
        "format",
        "version",
        "order",
        "is_public",
        "file",
        "thumbnail",
        "uploaded_by",
        "created_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model3D]:
        found = super().get_queryset(request)
        return found.select_related("file", "thumbnail", "uploaded_by")

    @display(description="Of")
    def subject(self, obj: Model3D) -> str:
        return str(obj.development or obj.unit)

    @display(description="Model")
    def turning_model(self, obj: Model3D) -> SafeString:
        return turning(obj, obj)
