"""Bookings, waiting lists and claims."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RangeNumericFilter,
)
from unfold.decorators import display

from bookings.admin.booking_acts import BookingActs
from bookings.admin.colours import BOOKING_COLOURS, CLAIM_COLOURS, WAITLIST_COLOURS
from bookings.admin.exports import BookingResource
from bookings.admin.tables import (
    booking_ledger,
    claims_table,
    instalments_table,
    money,
    page_of,
    payments_table,
    sum_of,
    timeline_table,
)
from bookings.models import Booking, ClaimLog, WaitlistEntry
from config.shared.admin import EvidenceAdmin, by_label
from config.shared.admin_exports import ExportingMixin
from config.shared.row_history import HistoryMixin


@admin.register(Booking)
class BookingAdmin(ExportingMixin, HistoryMixin, BookingActs):
    """Bookings, each with its instalments, payments, ledger, claims and timeline."""

    resource_classes = (BookingResource,)
    list_display = ("reference", "unit", "development", "customer", "state_label", "price_shown")
    list_select_related = ("unit", "development", "customer")
    list_filter = (
        ("development", AutocompleteSelectFilter),
        ("builder", AutocompleteSelectFilter),
        ("customer", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("price", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = (
        "reference__istartswith",
        "customer__full_name__istartswith",
        "unit__number__istartswith",
    )
    date_hierarchy = "created_at"
    fieldsets = (
        (
            "Booking",
            {
                "classes": ("tab",),
                "fields": (
                    "reference",
                    "state_label",
                    "unit_page",
                    "development",
                    "builder",
                    "customer",
                    "sales_agent",
                    "price_shown",
                    "deposit_shown",
                    "refund_shown",
                    "held_until",
                    "pay_until",
                    "waitlist_position",
                    "notes",
                    "cancel_reason",
                    "transferred_to",
                ),
            },
        ),
        ("Instalments", {"classes": ("tab",), "fields": ("instalment_list",)}),
        ("Payments", {"classes": ("tab",), "fields": ("payment_list", "ledger")}),
        (
            "Agreed",
            {
                "classes": ("tab",),
                "fields": (
                    "plan",
                    "terms",
                    "contract",
                    "handover_builder_at",
                    "handover_signed_by_builder",
                    "handover_customer_at",
                ),
            },
        ),
        ("Claims", {"classes": ("tab",), "fields": ("claim_list",)}),
        ("Timeline", {"classes": ("tab",), "fields": ("timeline", "history")}),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Those of the tabs."""
        return [name for _, options in self.fieldsets for name in options["fields"]]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Everything: bookings change by acts."""
        return self.get_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        return super().get_queryset(request).select_related("unit", "development", "customer")

    @display(description="Status", label=by_label(BOOKING_COLOURS), ordering="status")
    def state_label(self, obj: Booking) -> str:
        return obj.get_status_display()

    @display(description="Price", ordering="price")
    def price_shown(self, obj: Booking) -> str:
        return money(obj.price, obj.currency)

    deposit_shown = sum_of("deposit_amount", "Deposit")
    refund_shown = sum_of("refund_due", "Refund due")

    @display(description="Unit")
    def unit_page(self, obj: Booking) -> SafeString:
        return page_of(obj.unit)

    @display(description="Instalments")
    def instalment_list(self, obj: Booking) -> SafeString:
        return instalments_table(obj)

    @display(description="Payments")
    def payment_list(self, obj: Booking) -> SafeString:
        return payments_table(obj)

    @display(description="Ledger")
    def ledger(self, obj: Booking) -> SafeString:
        return booking_ledger(obj)

    @display(description="Claims to this unit")
    def claim_list(self, obj: Booking) -> SafeString:
        return claims_table(obj)

    @display(description="What was done")
    def timeline(self, obj: Booking) -> SafeString:
        return timeline_table(obj, *obj.instalments.all(), *obj.payments.all())


@admin.register(WaitlistEntry)
class WaitlistEntryAdmin(EvidenceAdmin):
    """Who waits for which unit."""

    list_display = ("unit", "customer", "position", "state_label", "offer_until", "created_at")
    list_select_related = ("unit", "customer")
    list_filter = (
        ("unit", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("customer__full_name__istartswith", "unit__number__istartswith")
    date_hierarchy = "created_at"

    @display(description="Status", label=by_label(WAITLIST_COLOURS), ordering="status")
    def state_label(self, obj: WaitlistEntry) -> str:
        return obj.get_status_display()


@admin.register(ClaimLog)
class ClaimLogAdmin(EvidenceAdmin):
    """What came of claims: who asked when, who won, and why somebody lost."""

    list_display = (
        "subject",
        "who",
        "state_label",
        "asked_at",
        "ended_at",
        "booking",
        "transaction",
        "reason",
    )
    list_select_related = ("who", "booking", "transaction")
    list_filter = (
        ("who", AutocompleteSelectFilter),
        ("subject", ChoicesDropdownFilter),
        ("outcome", ChoicesDropdownFilter),
        ("asked_at", RangeDateTimeFilter),
    )
    search_fields = (
        "who__full_name__istartswith",
        "booking__reference__istartswith",
        "transaction__reference__istartswith",
    )
    date_hierarchy = "asked_at"

    @display(description="Outcome", label=by_label(CLAIM_COLOURS), ordering="outcome")
    def state_label(self, obj: ClaimLog) -> str:
        return obj.get_outcome_display()
