"""Developments and units."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
    RangeNumericFilter,
)
from unfold.decorators import display

from catalog.admin.colours import DEVELOPMENT_COLOURS, UNIT_COLOURS
from catalog.admin.exports import DevelopmentResource
from catalog.admin.forms import DevelopmentForm, UnitForm
from catalog.admin.home_acts import DevelopmentActs, UnitActs
from catalog.admin.pictures import VIEWER_SCRIPT, LookedAtMixin, gallery, turning
from catalog.admin.stacking import stacking_picture
from catalog.choices import UnitStatus
from catalog.models import Development, ProgressPhase, Unit
from config.shared.admin import NoDeleteMixin, ReadOnlyInline, by_label
from config.shared.admin_exports import ExportingMixin
from config.shared.admin_forms import ServiceFormMixin
from config.shared.money import grouped
from config.shared.row_history import HistoryMixin

DEVELOPMENT_BADGES = {**by_label(DEVELOPMENT_COLOURS), "Deleted": "danger"}


class PhaseInline(ReadOnlyInline):
    model = ProgressPhase
    fields = ("order", "name", "status", "percent", "weight", "planned_end", "actual_end")


@admin.register(Development)
class DevelopmentAdmin(
    LookedAtMixin,
    ExportingMixin,
    HistoryMixin,
    NoDeleteMixin,
    ServiceFormMixin,
    DevelopmentActs,
):
    """Developments, each with its stacking plan, photographs and 3D models."""

    form = DevelopmentForm
    resource_classes = (DevelopmentResource,)
    list_display = ("name", "builder", "city", "state_label", "is_selling", "created_at")
    list_select_related = ("builder",)
    list_filter = (
        ("builder", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        "is_selling",
        ("type", ChoicesDropdownFilter),
        ("city", FieldTextFilter),
        ("deleted_at", admin.EmptyFieldListFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("name__istartswith", "city__istartswith", "permit_no__istartswith")
    date_hierarchy = "created_at"
    autocomplete_fields = ("builder",)
    inlines = (PhaseInline,)
    # Written when a development is made, and never again by hand.
    on_adding: ClassVar[tuple[str, ...]] = ("builder", "currency")
    shown: ClassVar[tuple[str, ...]] = ("state_label", "is_selling", "deleted_at")
    fieldsets = (
        (
            "Development",
            {
                "classes": ("tab",),
                "fields": (
                    "builder",
                    "name",
                    "type",
                    *shown,
                    "description",
                    "amenities",
                    "launch_date",
                    "expected_completion",
                    "actual_completion",
                    "permit_no",
                ),
            },
        ),
        ("Stacking plan", {"classes": ("tab",), "fields": ("stacking",)}),
        (
            "Place",
            {
                "classes": ("tab",),
                "fields": (
                    "address",
                    "city",
                    "state",
                    "country",
                    "pincode",
                    "lat",
                    "lng",
                    "time_zone",
                    "building_names",
                ),
            },
        ),
        (
            "Terms",
            {
                "classes": ("tab",),
                "fields": (
                    "currency",
                    "hold_minutes",
                    "max_holds_per_user",
                    "terms",
                    "plan_template",
                    "late_fee_policy",
                    "cancellation_policy",
                ),
            },
        ),
        ("Photographs", {"classes": ("tab",), "fields": ("pictures",)}),
        ("3D models", {"classes": ("tab",), "fields": ("models_3d",)}),
        ("History", {"classes": ("tab",), "fields": ("history",)}),
    )

    class Media:
        js = (VIEWER_SCRIPT,)

    def get_fieldsets(self, request: HttpRequest, obj: Development | None = None) -> Any:
        """All tabs; what is being added has neither pictures nor a plan yet."""
        if obj is not None:
            return self.fieldsets
        hidden = {"stacking", "pictures", "models_3d", "history", "building_names", *self.shown}
        return [
            (name, {**options, "fields": kept})
            for name, options in self.fieldsets
            if (kept := [field for field in options["fields"] if field not in hidden])
        ]

    def get_fields(self, request: HttpRequest, obj: Development | None = None) -> Any:
        """Those of the tabs."""
        return [name for _, part in self.get_fieldsets(request, obj) for name in part["fields"]]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """States move by acts; what was agreed with the builder stays."""
        fixed = [*self.shown, "stacking", "pictures", "models_3d", "building_names", "history"]
        return fixed if obj is None else [*fixed, *self.on_adding]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Development]:
        return super().get_queryset(request).select_related("builder")

    @display(description="Status", label=DEVELOPMENT_BADGES, ordering="status")
    def state_label(self, obj: Development) -> str:
        return "Deleted" if obj.deleted_at else obj.get_status_display()

    @display(description="Stacking plan")
    def stacking(self, obj: Development) -> SafeString:
        return stacking_picture(obj)

    @display(description="Buildings")
    def building_names(self, obj: Development) -> str:
        return ", ".join(obj.buildings.values_list("name", flat=True)) or "None yet."

    @display(description="Photographs")
    def pictures(self, obj: Development) -> SafeString:
        files = [obj.cover] if obj.cover else []
        files += [media for media in obj.images.all() if media not in files]
        return gallery(obj, files, empty="No photographs.")

    @display(description="3D models")
    def models_3d(self, obj: Development) -> SafeString:
        found = obj.models.select_related("file", "thumbnail").order_by("order", "-version", "pk")
        shown = [(turning(obj, model), model) for model in found[:4]]
        if not shown:
            return format_html('<p class="text-font-subtle-light">{}</p>', "No 3D models.")
        return format_html_join(
            "", '<figure class="mb-4">{}<figcaption>{}</figcaption></figure>', shown
        )


@admin.register(Unit)
class UnitAdmin(LookedAtMixin, HistoryMixin, NoDeleteMixin, ServiceFormMixin, UnitActs):
    """Units; their states follow their bookings."""

    form = UnitForm
    list_display = (
        "number",
        "development",
        "block",
        "floor",
        "unit_type",
        "bedrooms",
        "price_shown",
        "state_label",
    )
    list_select_related = ("development",)
    list_filter = (
        ("development", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("unit_type", ChoicesDropdownFilter),
        ("floor", RangeNumericFilter),
        ("bedrooms", RangeNumericFilter),
        ("price", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("number__istartswith", "development__name__istartswith")
    autocomplete_fields = ("development", "building")
    ordering = ("development", "block", "floor", "number", "pk")
    fields = (
        "development",
        "building",
        "block",
        "floor",
        "number",
        "unit_type",
        "bedrooms",
        "bathrooms",
        "area",
        "balcony_area",
        "view",
        "parking",
        "price",
        "currency",
        "features",
        "state_label",
        "claimed_until",
        "waiting_count",
        "plan_picture",
    )
    computed: ClassVar[tuple[str, ...]] = (
        "currency",
        "state_label",
        "claimed_until",
        "waiting_count",
        "plan_picture",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What follows from the development and from bookings."""
        fixed = list(self.computed)
        return fixed if obj is None else [*fixed, "development", "history"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Unit]:
        found: QuerySet[Unit] = super().get_queryset(request)
        return found.with_live_status().select_related("development", "floor_plan")  # type: ignore[attr-defined]

    @display(description="Status now", label=by_label(UNIT_COLOURS), ordering="status")
    def state_label(self, obj: Unit) -> str:
        return UnitStatus(getattr(obj, "live_status", obj.status)).label

    @display(description="Price", ordering="price")
    def price_shown(self, obj: Unit) -> str:
        return grouped(obj.price, obj.currency)

    @display(description="Floor plan")
    def plan_picture(self, obj: Unit) -> SafeString:
        files = [obj.floor_plan] if obj.floor_plan else []
        return gallery(obj, files, empty="No floor plan.")
