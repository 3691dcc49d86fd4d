"""Payments and refunds."""

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

from bookings.admin.colours import PAYMENT_COLOURS, REFUND_COLOURS
from bookings.admin.exports import PaymentResource
from bookings.admin.payment_acts import PaymentActs, RefundActs
from bookings.admin.tables import ledger_table, money, page_of, sum_of, timeline_table, when
from bookings.models import Payment, Refund
from config.shared.admin import Table, by_label
from config.shared.admin_exports import ExportingMixin
from config.shared.row_history import HistoryMixin


@admin.register(Payment)
class PaymentAdmin(ExportingMixin, HistoryMixin, PaymentActs):
    """Payments, each with what the gateway said and what the ledger holds."""

    resource_classes = (PaymentResource,)
    list_display = ("reference", "payer", "purpose", "state_label", "amount_shown", "created_at")
    list_select_related = ("payer",)
    list_filter = (
        ("payer", AutocompleteSelectFilter),
        ("payee_organization", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("purpose", ChoicesDropdownFilter),
        ("payment_method", ChoicesDropdownFilter),
        ("amount", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = (
        "reference__istartswith",
        "receipt_no__istartswith",
        "stripe_payment_intent_id",
        "payer__full_name__istartswith",
    )
    date_hierarchy = "created_at"
    fields = (
        "reference",
        "state_label",
        "purpose",
        "payer",
        "payee_organization",
        "payee_user",
        "booking",
        "instalment",
        "transaction",
        "amount_shown",
        "fee_shown",
        "refunded_shown",
        "payment_method",
        "gateway",
        "stripe_payment_intent_id",
        "stripe_charge_id",
        "stripe_transfer_id",
        "offline_reference",
        "confirmed_by",
        "receipt_no",
        "failure_code",
        "created_at",
        "completed_at",
        "said",
        "given_back",
        "ledger",
        "timeline",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        found = super().get_queryset(request)
        return found.select_related(
            "payer", "payee_organization", "booking", "instalment", "transaction"
        )

    @display(description="Status", label=by_label(PAYMENT_COLOURS), ordering="status")
    def state_label(self, obj: Payment) -> str:
        return obj.get_status_display()

    @display(description="Amount", ordering="amount")
    def amount_shown(self, obj: Payment) -> str:
        return money(obj.amount, obj.currency)

    fee_shown = sum_of("platform_fee", "Platform fee")
    refunded_shown = sum_of("refunded_amount", "Given back")

    @display(description="What the gateway said")
    def said(self, obj: Payment) -> SafeString:
        rows = obj.facts.order_by("at", "pk")
        return Table("When", "What", "Amount", "Its reference", "Code").render(
            (
                (
                    when(row.at),
                    row.get_kind_display(),
                    money(row.amount, row.currency) if row.amount else "",
                    row.provider_ref,
                    row.code,
                )
                for row in rows
            ),
            empty="Nothing yet.",
        )

    @display(description="Refunds")
    def given_back(self, obj: Payment) -> SafeString:
        rows = obj.refunds.order_by("created_at", "pk")
        return Table("Refund", "Status", "Amount", "Reason").render(
            (
                (
                    page_of(row),
                    row.get_status_display(),
                    money(row.amount, row.currency),
                    row.get_reason_display(),
                )
                for row in rows
            ),
            empty="Nothing was given back.",
        )

    @display(description="Ledger")
    def ledger(self, obj: Payment) -> SafeString:
        return ledger_table(obj.entries.all())

    @display(description="What was done")
    def timeline(self, obj: Payment) -> SafeString:
        return timeline_table(obj, *obj.refunds.all())


@admin.register(Refund)
class RefundAdmin(HistoryMixin, RefundActs):
    """Money to be given back, those that wait longest first."""

    list_display = ("reference", "payment", "state_label", "amount_shown", "reason", "created_at")
    list_select_related = ("payment",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("reason", ChoicesDropdownFilter),
        "needs_second_person",
        ("amount", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("reference__istartswith", "payment__reference__istartswith")
    date_hierarchy = "created_at"
    ordering = ("created_at", "pk")
    fields = (
        "reference",
        "state_label",
        "payment",
        "amount_shown",
        "fee_shown",
        "reason",
        "note",
        "cancellation",
        "requested_by",
        "needs_second_person",
        "approved_by",
        "decided_at",
        "gateway_refund_id",
        "failure_code",
        "completed_at",
        "ledger",
        "timeline",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Refund]:
        return super().get_queryset(request).select_related("payment", "requested_by")

    @display(description="Status", label=by_label(REFUND_COLOURS), ordering="status")
    def state_label(self, obj: Refund) -> str:
        return obj.get_status_display()

    @display(description="Amount", ordering="amount")
    def amount_shown(self, obj: Refund) -> str:
        return money(obj.amount, obj.currency)

    fee_shown = sum_of("platform_fee", "Fee given back")

    @display(description="Ledger of the payment")
    def ledger(self, obj: Refund) -> SafeString:
        return ledger_table(obj.payment.entries.all())

    @display(description="What was done")
    def timeline(self, obj: Any) -> SafeString:
        return timeline_table(obj, obj.payment)
