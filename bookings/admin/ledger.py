"""The ledger, and what gateways said."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
    RangeNumericFilter,
)
from unfold.decorators import display

from bookings.admin.colours import WEBHOOK_COLOURS
from bookings.admin.payment_acts import WebhookActs
from bookings.admin.tables import money
from bookings.models import LedgerEntry, NumberSeries, PaymentFact, WebhookEvent
from config.shared.admin import EvidenceAdmin, by_label


@admin.register(LedgerEntry)
class LedgerEntryAdmin(EvidenceAdmin):
    """Lines of the double-entry ledger."""

    list_display = ("payment", "step", "account", "debit", "credit", "at")
    list_select_related = ("payment",)
    list_filter = (
        ("payment", AutocompleteSelectFilter),
        ("account", ChoicesDropdownFilter),
        ("amount", RangeNumericFilter),
        ("at", RangeDateTimeFilter),
    )
    search_fields = ("payment__reference__istartswith",)
    date_hierarchy = "at"

    @display(description="Debit", ordering="amount")
    def debit(self, obj: LedgerEntry) -> str:
        return money(obj.amount, obj.currency) if obj.amount > 0 else ""

    @display(description="Credit", ordering="amount")
    def credit(self, obj: LedgerEntry) -> str:
        return money(-obj.amount, obj.currency) if obj.amount < 0 else ""


@admin.register(PaymentFact)
class PaymentFactAdmin(EvidenceAdmin):
    """What gateways said of payments."""

    list_display = ("payment", "kind", "amount", "currency", "provider_ref", "code", "at")
    list_select_related = ("payment",)
    list_filter = (
        ("payment", AutocompleteSelectFilter),
        ("kind", ChoicesDropdownFilter),
        ("at", RangeDateTimeFilter),
    )
    search_fields = ("payment__reference__istartswith", "provider_ref")
    date_hierarchy = "at"


@admin.register(WebhookEvent)
class WebhookEventAdmin(WebhookActs):
    """Messages of gateways; those that failed can be applied again."""

    list_display = ("external_id", "gateway", "type", "state_label", "attempts", "received_at")
    list_filter = (
        ("gateway", ChoicesDropdownFilter),
        ("outcome", ChoicesDropdownFilter),
        ("type", FieldTextFilter),
        ("received_at", RangeDateTimeFilter),
    )
    search_fields = ("external_id", "type__istartswith")
    date_hierarchy = "received_at"

    @display(description="Outcome", label=by_label(WEBHOOK_COLOURS), ordering="outcome")
    def state_label(self, obj: WebhookEvent) -> str:
        return obj.get_outcome_display() or "Waiting"


@admin.register(NumberSeries)
class NumberSeriesAdmin(EvidenceAdmin):
    """The last numbers of series without gaps."""

    list_display = ("name", "last")
    search_fields = ("name__istartswith",)
