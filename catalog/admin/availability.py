"""When hosts receive visitors."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from catalog.models import Availability, AvailabilityException, DevelopmentFollow
from config.shared.admin import CourtyardAdmin, EvidenceAdmin, ReadOnlyMixin


def clock(minute: int | None) -> str:
    """Minutes after midnight as a time of day."""
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


class HoursMixin:
    """Shows hours as people say them."""

    @display(description="From", ordering="from_minute")
    def opens(self, obj: Availability) -> str:
        return clock(obj.from_minute)

    @display(description="To", ordering="to_minute")
    def closes(self, obj: Availability) -> str:
        return clock(obj.to_minute)


@admin.register(Availability)
class AvailabilityAdmin(HoursMixin, ReadOnlyMixin, CourtyardAdmin):
    """The weekly hours of hosts, which they change themselves."""

    list_display = ("host", "weekday", "opens", "closes", "time_zone", "slot_minutes")
    list_select_related = ("host",)
    list_filter = (
        ("host", AutocompleteSelectFilter),
        ("weekday", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("host__full_name__istartswith",)


@admin.register(AvailabilityException)
class AvailabilityExceptionAdmin(HoursMixin, ReadOnlyMixin, CourtyardAdmin):
    """Days on which hosts are away or receive at other hours."""

    list_display = ("host", "day", "is_closed", "opens", "closes", "note")
    list_select_related = ("host",)
    list_filter = (("host", AutocompleteSelectFilter), "is_closed", ("day", RangeDateFilter))
    search_fields = ("host__full_name__istartswith",)
    date_hierarchy = "day"


@admin.register(DevelopmentFollow)
class DevelopmentFollowAdmin(EvidenceAdmin):
    """Who follows which development."""

    list_display = ("user", "development", "created_at")
    list_select_related = ("user", "development")
    list_filter = (
        ("development", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith", "development__name__istartswith")
    date_hierarchy = "created_at"
