"""Sales, each with its money, its ledger and everything that was done; and the dispute queue."""

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

from bookings.admin.colours import RELEASE_COLOURS, TRANSACTION_COLOURS
from bookings.admin.exports import TransactionResource
from bookings.admin.filters import DisputeFilter, PayoutFilter
from bookings.admin.sale_acts import SaleActs
from bookings.admin.tables import ledger_table, money, page_of, sum_of, timeline_table, when
from bookings.models import LedgerEntry, Payment, Refund, Transaction
from config.shared.admin import Table, by_label
from config.shared.admin_exports import ExportingMixin
from config.shared.row_history import HistoryMixin


@admin.register(Transaction)
class TransactionAdmin(ExportingMixin, HistoryMixin, SaleActs):
    """Who sells what to whom, where the money is, and what is disputed."""

    resource_classes = (TransactionResource,)
    list_display = (
        "reference",
        "product",
        "buyer",
        "seller",
        "state_label",
        "money_label",
        "amount_shown",
        "created_at",
    )
    list_filter = (
        DisputeFilter,
        PayoutFilter,
        ("status", ChoicesDropdownFilter),
        ("release_state", ChoicesDropdownFilter),
        ("payment_method", ChoicesDropdownFilter),
        ("feed_type", ChoicesDropdownFilter),
        ("buyer", AutocompleteSelectFilter),
        ("seller", AutocompleteSelectFilter),
        ("product", AutocompleteSelectFilter),
        ("amount", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
        ("dispute_opened_at", RangeDateTimeFilter),
    )
    search_fields = (
        "reference__istartswith",
        "product__title__istartswith",
        "buyer__full_name__istartswith",
        "seller__full_name__istartswith",
    )
    date_hierarchy = "created_at"
    fields = (
        "reference",
        "state_label",
        "money_label",
        "product_page",
        "buyer",
        "seller",
        "offer",
        "origin",
        "amount_shown",
        "fee_shown",
        "payout_shown",
        "feed_type",
        "payment_method",
        "reserved_until",
        "ended_reason",
        "cash_marked_at",
        "completed_at",
        "auto_release_at",
        "handover_confirmed_at",
        "released_at",
        "dispute_opened_at",
        "dispute_opened_by",
        "dispute_reason",
        "dispute_outcome",
        "dispute_refund_shown",
        "dispute_note",
        "dispute_first_by",
        "dispute_decided_by",
        "dispute_decided_at",
        "created_at",
        "paid",
        "given_back",
        "ledger",
        "timeline",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transaction]:
        return super().get_queryset(request).select_related("product", "buyer", "seller")

    amount_shown = sum_of("amount", "Amount")
    fee_shown = sum_of("platform_fee", "Platform fee")
    payout_shown = sum_of("seller_payout", "Seller gets")
    dispute_refund_shown = sum_of("dispute_refund", "Back to the buyer by the decision")

    @display(description="Status", label=by_label(TRANSACTION_COLOURS), ordering="status")
    def state_label(self, obj: Transaction) -> str:
        return obj.get_status_display()

    @display(description="Money", label=by_label(RELEASE_COLOURS), ordering="release_state")
    def money_label(self, obj: Transaction) -> str:
        return obj.get_release_state_display()

    @display(description="Product")
    def product_page(self, obj: Transaction) -> SafeString:
        return page_of(obj.product)

    @display(description="Payments")
    def paid(self, obj: Transaction) -> SafeString:
        table = Table("Payment", "Status", "Amount", "Given back", "Receipt", "Transfer", "When")
        return table.render(
            (
                (
                    page_of(row),
                    row.get_status_display(),
                    money(row.amount, row.currency),
                    money(row.refunded_amount, row.currency) if row.refunded_amount else "",
                    row.receipt_no,
                    row.stripe_transfer_id,
                    when(row.created_at),
                )
                for row in obj.payments.order_by("created_at", "pk")
            ),
            empty="Nothing was paid through a gateway.",
        )

    @display(description="Refunds")
    def given_back(self, obj: Transaction) -> SafeString:
        rows = Refund.objects.filter(payment__transaction=obj).order_by("created_at", "pk")
        return Table("Refund", "Status", "Amount", "Fee", "Reason", "Note").render(
            (
                (
                    page_of(row),
                    row.get_status_display(),
                    money(row.amount, row.currency),
                    money(row.platform_fee, row.currency),
                    row.get_reason_display(),
                    row.note,
                )
                for row in rows
            ),
            empty="Nothing was given back.",
        )

    @display(description="Ledger")
    def ledger(self, obj: Transaction) -> SafeString:
        paid = Payment.objects.filter(transaction=obj).order_by().values("pk")
        return ledger_table(LedgerEntry.objects.filter(payment__in=paid))

    @display(description="What was done")
    def timeline(self, obj: Transaction) -> SafeString:
        payments: list[Any] = list(obj.payments.order_by("pk"))
        refunds = Refund.objects.filter(payment__transaction=obj).order_by("pk")
        return timeline_table(obj, *payments, *refunds)
