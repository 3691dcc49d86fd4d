"""Instalments: what is owed, and the queue of objections."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
    RangeNumericFilter,
)
from unfold.decorators import display

from bookings.admin.colours import INSTALMENT_COLOURS
from bookings.admin.exports import InstalmentResource
from bookings.admin.filters import OpenObjectionFilter
from bookings.admin.instalment_acts import InstalmentActs
from bookings.admin.tables import evidence_table, ledger_table, money, sum_of, timeline_table
from bookings.models import Instalment, LedgerEntry
from config.shared.admin import by_label
from config.shared.admin_exports import ExportingMixin
from config.shared.row_history import HistoryMixin


@admin.register(Instalment)
class InstalmentAdmin(ExportingMixin, HistoryMixin, InstalmentActs):
    """Parts of what customers owe."""

    resource_classes = (InstalmentResource,)
    list_display = ("booking", "label", "state_label", "amount_shown", "due_date", "objected_at")
    list_select_related = ("booking",)
    list_filter = (
        OpenObjectionFilter,
        ("booking", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("due_date", RangeDateFilter),
        ("amount", RangeNumericFilter),
    )
    search_fields = ("booking__reference__istartswith", "label__istartswith")
    date_hierarchy = "due_date"
    ordering = ("-created_at", "pk")
    fields = (
        "booking",
        "label",
        "kind",
        "state_label",
        "percent",
        "amount_shown",
        "paid",
        "left",
        "late_fee_shown",
        "due_rule",
        "due_date",
        "phase",
        "evidence_shown",
        "notice_sent_at",
        "objection",
        "objected_at",
        "objection_answer",
        "objection_resolved_by",
        "objection_resolved_at",
        "waiver_asked_by",
        "waiver_reason",
        "waived_by",
        "waived_at",
        "ledger",
        "timeline",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Instalment]:
        found: Any = super().get_queryset(request)
        shown: QuerySet[Instalment] = found.with_paid().select_related("booking", "phase")
        return shown

    @display(description="Status", label=by_label(INSTALMENT_COLOURS), ordering="status")
    def state_label(self, obj: Instalment) -> str:
        return obj.get_status_display()

    @display(description="Amount", ordering="amount")
    def amount_shown(self, obj: Instalment) -> str:
        return money(obj.amount, obj.currency)

    @display(description="Paid")
    def paid(self, obj: Any) -> str:
        return money(obj.paid_amount, obj.currency)

    @display(description="Left to pay")
    def left(self, obj: Any) -> str:
        return money(obj.outstanding, obj.currency)

    late_fee_shown = sum_of("late_fee", "Late fee")

    @display(description="Evidence, as it was frozen")
    def evidence_shown(self, obj: Instalment) -> SafeString:
        return evidence_table(obj.evidence)

    @display(description="Ledger")
    def ledger(self, obj: Instalment) -> SafeString:
        entries = LedgerEntry.objects.filter(payment__instalment=obj)
        return ledger_table(entries)

    @display(description="What was done")
    def timeline(self, obj: Instalment) -> SafeString:
        return timeline_table(obj)
