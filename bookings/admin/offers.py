"""Offers, each with the bargaining that it is part of."""

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

from bookings.admin.colours import OFFER_COLOURS
from bookings.admin.tables import money, page_of, sum_of, timeline_table, when
from bookings.models import Offer
from bookings.services.offer_pages import chain_of
from config.shared.admin import EvidenceAdmin, Table, by_label


@admin.register(Offer)
class OfferAdmin(EvidenceAdmin):
    """What buyers and sellers propose to each other, and what a threshold of a seller decided."""

    list_display = (
        "product",
        "buyer",
        "seller",
        "price_shown",
        "move_number",
        "state_label",
        "by_threshold",
        "created_at",
    )
    list_select_related = ("product", "buyer", "seller")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("product", AutocompleteSelectFilter),
        ("buyer", AutocompleteSelectFilter),
        ("seller", AutocompleteSelectFilter),
        "decided_by_rule",
        ("offered_price", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = (
        "product__title__istartswith",
        "buyer__full_name__istartswith",
        "seller__full_name__istartswith",
    )
    date_hierarchy = "created_at"
    fields = (
        "product_page",
        "buyer",
        "seller",
        "proposer",
        "state_label",
        "price_shown",
        "original_shown",
        "counter_shown",
        "message",
        "created_at",
        "expires_at",
        "responded_at",
        "by_threshold",
        "sale",
        "bargaining",
        "timeline",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        return super().get_queryset(request).select_related("product", "buyer", "seller")

    price_shown = sum_of("offered_price", "Price")
    original_shown = sum_of("original_price", "Product's price then")
    counter_shown = sum_of("counter_price", "Answered with")

    @display(description="Status", label=by_label(OFFER_COLOURS), ordering="status")
    def state_label(self, obj: Offer) -> str:
        return obj.get_status_display()

    @display(description="Threshold", label={"Decided it": "primary"}, ordering="decided_by_rule")
    def by_threshold(self, obj: Offer) -> str:
        return "Decided it" if obj.decided_by_rule else ""

    @display(description="Product")
    def product_page(self, obj: Offer) -> SafeString:
        return page_of(obj.product)

    @display(description="Sale")
    def sale(self, obj: Offer) -> SafeString | str:
        found: Any = getattr(obj, "transaction", None)
        return "" if found is None else page_of(found)

    @display(description="The whole bargaining")
    def bargaining(self, obj: Offer) -> SafeString:
        table = Table("Move", "By", "Price", "Status", "Message", "Made", "Answered", "Threshold")
        return table.render(
            (
                (
                    move.move_number,
                    move.proposed_by,
                    money(move.offered_price, move.currency),
                    move.live_status,
                    move.message,
                    when(move.created_at),
                    when(move.responded_at),
                    "yes" if move.decided_by_rule else "",
                )
                for move in chain_of(offer=obj)
            ),
            empty="Nothing was said.",
        )

    @display(description="What was done")
    def timeline(self, obj: Offer) -> SafeString:
        return timeline_table(obj)
