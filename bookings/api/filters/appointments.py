"""Filters of appointments, and what is asked of a host's free times."""

from typing import Any

from django.db.models import QuerySet

from bookings.choices import AppointmentKind, AppointmentStatus
from bookings.models import Appointment
from config.shared.filter_fields import (
    AnyOfFilter,
    ChoiceFilter,
    DateFilter,
    MomentFilter,
    NumberFilter,
    UUIDFilter,
)
from config.shared.filters import FilterSet

PARTS = [("host", "Those that the caller hosts"), ("guest", "Those that the caller is invited to")]


class AppointmentFilter(FilterSet):
    """Appointments by state, kind, time, and whose they are.

    ``from`` and ``to`` are moments between which they begin.
    """

    status = AnyOfFilter(choices=AppointmentStatus.choices)
    kind = ChoiceFilter(choices=AppointmentKind.choices)
    development = UUIDFilter(field_name="development")
    unit = UUIDFilter(field_name="unit")
    organization = UUIDFilter(field_name="organization")
    host = UUIDFilter(field_name="host")
    mine = ChoiceFilter(choices=PARTS, method="filter_mine", label="The caller's part in them.")
    # Not words that Python lets stand before an equals sign.
    vars()["from"] = MomentFilter(field_name="starts_at", lookup_expr="gte")
    vars()["to"] = MomentFilter(field_name="starts_at", lookup_expr="lt")

    class Meta:
        model = Appointment
        fields: list[str] = []

    def filter_mine(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those in which the caller has that part."""
        return queryset.filter(**{value: self.request.user})


class SlotFilter(FilterSet):
    """Which free times: the first and the last day, by the host's calendar, and how long."""

    vars()["from"] = DateFilter(label="The first day; today by default.")
    vars()["to"] = DateFilter(label="The last day; a week in all by default, at most 31 days.")
    kind = ChoiceFilter(
        choices=AppointmentKind.choices,
        label="What for. All kinds share one calendar, so that the times are the same.",
    )
    minutes = NumberFilter(
        min_value=5, max_value=480, decimal_places=0, label="As long as the host usually takes."
    )

    class Meta:
        model = Appointment
        fields: list[str] = []

    @classmethod
    def asked(cls, request: Any) -> dict[str, Any]:
        """What ``request`` asks for, as ``find_slots`` takes it."""
        given = cls(request.query_params, queryset=Appointment.objects.none(), request=request)
        given.refuse_invalid()
        values = given.form.cleaned_data
        minutes = values.get("minutes")
        return {
            "first": values.get("from"),
            "last": values.get("to"),
            "minutes": None if minutes is None else int(minutes),
        }
