"""The queues of cancellations and transfers."""

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

from bookings.admin.colours import REQUEST_COLOURS
from bookings.admin.request_acts import CancellationActs, TransferActs
from bookings.admin.tables import money, timeline_table
from bookings.models import CancellationRequest, TransferRequest
from config.shared.admin import by_label


class RequestPages:
    """What both queues show."""

    list_filter: Any = (
        ("status", ChoicesDropdownFilter),
        ("booking", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    date_hierarchy = "created_at"
    ordering = ("created_at", "pk")

    @display(description="Status", label=by_label(REQUEST_COLOURS), ordering="status")
    def state_label(self, obj: Any) -> str:
        return str(obj.get_status_display())

    @display(description="What was done")
    def timeline(self, obj: Any) -> SafeString:
        return timeline_table(obj, obj.booking)


@admin.register(CancellationRequest)
class CancellationRequestAdmin(RequestPages, CancellationActs):
    """Customers who want to leave a booking that is paid for."""

    list_display = ("booking", "asked_by", "state_label", "refund", "created_at")
    list_select_related = ("booking", "asked_by")
    search_fields = ("booking__reference__istartswith", "asked_by__full_name__istartswith")
    fields = (
        "booking",
        "asked_by",
        "reason",
        "state_label",
        "paid",
        "kept_percent",
        "kept",
        "refund",
        "approved_by",
        "second_approved_by",
        "decided_at",
        "decision_note",
        "timeline",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[CancellationRequest]:
        return super().get_queryset(request).select_related("booking", "asked_by")

    @display(description="Paid so far")
    def paid(self, obj: CancellationRequest) -> str:
        return money(obj.paid_amount, obj.currency)

    @display(description="Kept")
    def kept(self, obj: CancellationRequest) -> str:
        return money(obj.kept_amount, obj.currency)

    @display(description="To be given back", ordering="refund_amount")
    def refund(self, obj: CancellationRequest) -> str:
        return money(obj.refund_amount, obj.currency)


@admin.register(TransferRequest)
class TransferRequestAdmin(RequestPages, TransferActs):
    """Customers who pass their booking on."""

    list_display = ("booking", "from_customer", "to_customer", "state_label", "created_at")
    list_select_related = ("booking", "from_customer", "to_customer")
    search_fields = ("booking__reference__istartswith", "to_customer__full_name__istartswith")
    fields = (
        "booking",
        "from_customer",
        "to_customer",
        "reason",
        "state_label",
        "accepted_at",
        "decided_by",
        "decided_at",
        "decision_note",
        "new_booking",
        "timeline",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[TransferRequest]:
        return (
            super().get_queryset(request).select_related("booking", "from_customer", "to_customer")
        )
