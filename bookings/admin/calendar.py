"""A week of appointments, for the page that shows it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.timezone import get_current_timezone, localdate, localtime

from bookings.choices import AppointmentStatus
from bookings.models import Appointment

WEEK = "week/"
MONDAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST = 500
SHOWN = (
    AppointmentStatus.REQUESTED,
    AppointmentStatus.CONFIRMED,
    AppointmentStatus.COMPLETED,
    AppointmentStatus.NO_SHOW,
)


@dataclass(slots=True)
class Day:
    """A day and what happens on it, in order."""

    day: date
    appointments: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Week:
    """Seven days from Monday, and the Mondays before and after."""

    monday: date
    days: list[Day]
    is_cut: bool = False

    @property
    def before(self) -> str:
        return (self.monday - timedelta(days=7)).isoformat()

    @property
    def after(self) -> str:
        return (self.monday + timedelta(days=7)).isoformat()


def week_of(text: str) -> Week:
    """The week that the day ``text`` (ISO 8601) lies in; this one for anything else."""
    day = _day(text)
    monday = day - timedelta(days=day.weekday())
    days = [Day(monday + timedelta(days=number)) for number in range(7)]
    zone = get_current_timezone()
    begin = datetime.combine(monday, datetime.min.time(), zone)
    end = datetime.combine(monday + timedelta(days=7), datetime.min.time(), zone)
    found = list(
        Appointment.objects.filter(during__overlap=DateTimeTZRange(begin, end), status__in=SHOWN)
        .select_related("host", "guest", "development")
        .order_by("during", "pk")[: MOST + 1]
    )
    for appointment in found[:MOST]:
        at = (localtime(appointment.during.lower).date() - monday).days
        days[max(0, min(at, 6))].appointments.append(appointment)
    return Week(monday, days, len(found) > MOST)


def _day(text: str) -> date:
    if MONDAY.fullmatch(text):
        try:
            found = date.fromisoformat(text)
        except ValueError:
            return localdate()
        if 1971 <= found.year <= 2200:
            return found
    return localdate()
