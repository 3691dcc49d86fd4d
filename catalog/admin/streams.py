"""The back office's pages of streams."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RangeNumericFilter,
)
from unfold.decorators import display

from catalog.admin.colours import STREAM_COLOURS
from catalog.admin.pictures import LookedAtMixin
from catalog.admin.stream_acts import StreamActs
from catalog.admin.stream_pictures import HLS_SCRIPT, PLAYER_SCRIPT, pinned, player
from catalog.models import Stream, StreamKey, StreamPin, StreamViewer
from catalog.querysets.streams import IS_LIVE
from config.shared.admin import EvidenceAdmin, by_label


@admin.register(Stream)
class StreamAdmin(LookedAtMixin, StreamActs):
    """Shows, live ones first; moderators end them."""

    list_display = (
        "title",
        "user",
        "state_label",
        "stream_type",
        "visibility",
        "viewer_count",
        "total_views",
        "started_at",
    )
    list_select_related = ("user",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("user", AutocompleteSelectFilter),
        ("category", ChoicesDropdownFilter),
        ("stream_type", ChoicesDropdownFilter),
        ("visibility", ChoicesDropdownFilter),
        ("development", AutocompleteSelectFilter),
        ("total_views", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("title__istartswith", "user__full_name__istartswith")
    date_hierarchy = "created_at"
    readonly_fields = ("state_label", "player", "pinned")
    fieldsets = (
        (None, {"fields": ("title", "description", "state_label", "user", "player", "pinned")}),
        (
            "Figures",
            {
                "fields": (
                    "viewer_count",
                    "total_views",
                    "scheduled_for",
                    "started_at",
                    "ended_at",
                    "duration_seconds",
                    "ended_by",
                    "end_reason",
                )
            },
        ),
        (
            "Whom and what it is for",
            {
                "fields": (
                    "category",
                    "stream_type",
                    "visibility",
                    "replay_visibility",
                    "building",
                    "development",
                    "recording",
                )
            },
        ),
        (
            "Signal",
            {
                "fields": (
                    "ingest_name",
                    "uses_permanent_key",
                    "key_hint",
                    "key_rotated_at",
                    "last_signal_at",
                    "signal_lost_at",
                )
            },
        ),
    )

    class Media:
        js = (HLS_SCRIPT, PLAYER_SCRIPT)

    def get_ordering(self, request: HttpRequest) -> Any:
        """Live ones first, then the newest."""
        return (IS_LIVE.desc(), "-created_at", "-pk")

    @display(description="Status", label=by_label(STREAM_COLOURS), ordering="status")
    def state_label(self, obj: Stream) -> str:
        return obj.get_status_display()

    @display(description="Player")
    def player(self, obj: Stream) -> SafeString:
        return player(obj)

    @display(description="Pinned")
    def pinned(self, obj: Stream) -> SafeString:
        return pinned(obj)


@admin.register(StreamPin)
class StreamPinAdmin(EvidenceAdmin):
    """What is pinned in shows."""

    list_display = ("stream", "product", "unit", "x", "y", "shown_at", "created_at")
    list_select_related = ("stream", "product", "unit")
    list_filter = (
        ("stream", AutocompleteSelectFilter),
        ("unit", AutocompleteSelectFilter),
        ("shown_at", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("stream__title__istartswith", "product__title__istartswith")
    date_hierarchy = "created_at"
    fields = ("stream", "product", "unit", "x", "y", "shown_at", "order", "created_at")


@admin.register(StreamKey)
class StreamKeyAdmin(EvidenceAdmin):
    """Who has a permanent key, since when, and how it ends; never the key."""

    list_display = ("user", "key_hint", "rotated_at", "created_at")
    list_select_related = ("user",)
    list_filter = (
        ("user", AutocompleteSelectFilter),
        ("rotated_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith",)
    date_hierarchy = "rotated_at"
    fields = ("user", "key_hint", "rotated_at", "created_at")


@admin.register(StreamViewer)
class StreamViewerAdmin(EvidenceAdmin):
    """Who watched which show, as far as they were signed in."""

    list_display = ("stream", "user", "first_seen_at", "last_seen_at")
    list_select_related = ("stream", "user")
    list_filter = (
        ("stream", AutocompleteSelectFilter),
        ("user", AutocompleteSelectFilter),
        ("last_seen_at", RangeDateTimeFilter),
    )
    search_fields = ("stream__title__istartswith", "user__full_name__istartswith")
    date_hierarchy = "last_seen_at"
    fields = ("stream", "user", "first_seen_at", "last_seen_at")
