"""Reviews, and the hiding of them."""

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

from bookings.admin.colours import REVIEW_COLOURS
from bookings.admin.review_acts import ReviewActs
from bookings.admin.tables import page_of, timeline_table
from bookings.models import Review
from config.shared.admin import by_label


@admin.register(Review)
class ReviewAdmin(ReviewActs):
    """What the two sides of deals say of each other."""

    list_display = (
        "author",
        "about",
        "rating",
        "state_label",
        "visible_from",
        "created_at",
    )
    list_select_related = ("author", "subject_user", "subject_organization")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("rating", RangeNumericFilter),
        ("author", AutocompleteSelectFilter),
        ("subject_organization", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = (
        "author__full_name__istartswith",
        "subject_user__full_name__istartswith",
        "subject_organization__name__istartswith",
    )
    date_hierarchy = "created_at"
    fields = (
        "author",
        "subject",
        "deal",
        "rating",
        "text",
        "reply",
        "replied_at",
        "state_label",
        "hidden_by",
        "hidden_reason",
        "visible_from",
        "created_at",
        "timeline",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return (
            super()
            .get_queryset(request)
            .select_related("author", "subject_user", "subject_organization")
        )

    @display(description="Status", label=by_label(REVIEW_COLOURS), ordering="status")
    def state_label(self, obj: Review) -> str:
        return obj.get_status_display()

    @display(description="About")
    def about(self, obj: Review) -> str:
        return str(obj.subject_user or obj.subject_organization)

    @display(description="About")
    def subject(self, obj: Review) -> SafeString:
        return page_of(obj.subject_user or obj.subject_organization)

    @display(description="Deal")
    def deal(self, obj: Review) -> SafeString:
        return page_of(obj.transaction or obj.appointment)

    @display(description="What was done")
    def timeline(self, obj: Review) -> SafeString:
        return timeline_table(obj)
