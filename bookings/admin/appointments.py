"""Appointments, as a list and as a week of the calendar."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import action, display

from bookings.admin.appointment_acts import AppointmentActs
from bookings.admin.calendar import WEEK, week_of
from bookings.admin.colours import APPOINTMENT_COLOURS
from bookings.admin.tables import timeline_table
from bookings.models import Appointment
from config.shared.admin import by_label, go_to


@admin.register(Appointment)
class AppointmentAdmin(AppointmentActs):
    """When people meet."""

    list_display = ("kind", "host", "guest", "begins", "state_label", "development", "created_at")
    list_select_related = ("host", "guest", "development")
    list_filter = (
        ("host", AutocompleteSelectFilter),
        ("guest", AutocompleteSelectFilter),
        ("development", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("host__full_name__istartswith", "guest__full_name__istartswith")
    date_hierarchy = "created_at"
    actions_list = ("calendar",)
    fields = (
        "kind",
        "state_label",
        "host",
        "organization",
        "guest",
        "development",
        "unit",
        "begins",
        "ends",
        "time_zone",
        "location",
        "meeting_url",
        "notes",
        "outcome_note",
        "cancelled_by",
        "cancel_reason",
        "rescheduled_from",
        "reminder_sent_at",
        "timeline",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        found = super().get_queryset(request)
        return found.select_related("host", "guest", "development", "unit", "organization")

    def get_urls(self) -> list[Any]:
        """Those of a list, and the week."""
        week = self.admin_site.admin_view(self.week_view)
        return [path("week/", week, name="bookings_appointment_week"), *super().get_urls()]

    def week_view(self, request: HttpRequest) -> HttpResponse:
        """One week of everybody's appointments, by day and host."""
        if not self.has_view_permission(request):
            return self.admin_site.login(request)
        context = {
            **self.admin_site.each_context(request),
            "title": "Appointments of a week",
            "week": week_of(request.GET.get("week", "")),
        }
        return TemplateResponse(request, "admin/appointments_week.html", context)

    @action(description="Calendar", url_path="calendar", permissions=["view"])
    def calendar(self, request: HttpRequest) -> HttpResponse:
        return go_to(request, f"../{WEEK}")

    @display(description="Begins", ordering="during")
    def begins(self, obj: Appointment) -> str:
        return f"{localtime(obj.during.lower):%Y-%m-%d %H:%M}"

    @display(description="Ends")
    def ends(self, obj: Appointment) -> str:
        return f"{localtime(obj.during.upper):%Y-%m-%d %H:%M}"

    @display(description="Status", label=by_label(APPOINTMENT_COLOURS), ordering="status")
    def state_label(self, obj: Appointment) -> str:
        return obj.get_status_display()

    @display(description="What was done")
    def timeline(self, obj: Appointment) -> SafeString:
        return timeline_table(obj)
