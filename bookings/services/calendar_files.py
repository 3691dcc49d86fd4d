"""Appointments as calendars take them: iCalendar (RFC 5545), in the manner of iTIP (RFC 5546)."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from accounts.models import User
from accounts.services.calendars import zone_of
from bookings.choices import TAKING_APPOINTMENTS, AppointmentStatus
from bookings.models import Appointment
from config.shared.clock import database_now

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
NAME = "appointment.ics"
CONTENT_TYPE = "text/calendar"
# More than anybody moves one appointment.
LONGEST_CHAIN = 1000
_STATES = {
    AppointmentStatus.REQUESTED: "TENTATIVE",
    AppointmentStatus.CONFIRMED: "CONFIRMED",
    AppointmentStatus.COMPLETED: "CONFIRMED",
    AppointmentStatus.NO_SHOW: "CONFIRMED",
}


def attachment(*, appointment: Appointment, reader: User) -> dict[str, str]:
    """The calendar file that goes with a mail to ``reader``, who is one of the two."""
    taking = appointment.status in TAKING_APPOINTMENTS
    method = REQUEST if taking else CANCEL
    return {
        "name": NAME,
        "content_type": f"{CONTENT_TYPE}; method={method}",
        "content": calendar_file(appointment=appointment, reader=reader, method=method),
    }


def calendar_file(*, appointment: Appointment, reader: User, method: str = PUBLISH) -> str:
    """``appointment`` as a calendar with one event, for the calendar of ``reader``.

    The event keeps its UID when the appointment is moved, and its SEQUENCE grows, so that
    calendars move it too. Times are in UTC; the description has them by the host's clock. Nobody's
    address is in it but the reader's own.
    """
    # Imported here: only who makes calendars pays for the library.
    from icalendar import Calendar, Event

    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//Courtyard//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event.add("uid", uid_of(appointment))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", database_now().replace(microsecond=0))
    event.add("dtstart", appointment.during.lower)
    event.add("dtend", appointment.during.upper)
    event.add("status", _STATES.get(AppointmentStatus(appointment.status), "CANCELLED"))
    event.add("summary", summary_of(appointment))
    event.add("description", _description(appointment))
    if appointment.location:
        event.add("location", _line(appointment.location))
    if appointment.meeting_url and appointment.status != AppointmentStatus.REQUESTED:
        # The host has agreed to it: what a guest proposes is put into nobody's calendar.
        event.add("url", appointment.meeting_url)
    _add_people(event, appointment, reader)
    calendar.add_component(event)
    return calendar.to_ical().decode("utf-8")


def uid_of(appointment: Appointment) -> str:
    """What calendars know the appointment by, however often it was moved."""
    first: UUID = appointment.pk
    before = appointment.rescheduled_from_id
    rows = Appointment.objects.order_by().values_list("rescheduled_from_id", flat=True)
    for _ in range(LONGEST_CHAIN):
        if before is None:
            break
        first, before = before, rows.get(pk=before)
    return f"{first}@{urlsplit(settings.PUBLIC_BASE_URL).hostname or 'localhost'}"


def summary_of(appointment: Appointment) -> str:
    """What kind of appointment it is, and where it belongs."""
    about = appointment.development
    kind = appointment.get_kind_display()
    return _line(f"{kind}, {about.name}" if about else kind)


def _description(appointment: Appointment) -> str:
    zone = zone_of(appointment.time_zone)
    begins: datetime = appointment.during.lower.astimezone(zone)
    people = f"{appointment.host.full_name} and {appointment.guest.full_name}"
    return _line(f"{people}, {begins:%Y-%m-%d %H:%M} ({zone.key}).")


def _add_people(event: Any, appointment: Appointment, reader: User) -> None:
    from icalendar import vCalAddress

    organizer = vCalAddress(f"mailto:{_own_address()}")
    organizer.params["CN"] = _line(appointment.host.full_name)
    event.add("organizer", organizer)
    known = reader.email and reader.email_verified
    attendee = vCalAddress(f"mailto:{reader.email}" if known else f"urn:uuid:{reader.pk}")
    attendee.params["CN"] = _line(reader.full_name)
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["RSVP"] = "FALSE"
    event.add("attendee", attendee)


def _own_address() -> str:
    """Courtyard's own address, without the name before it."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">").strip()


def _line(text: str) -> str:
    """``text`` on one line, without what calendars do not take."""
    visible = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(visible.replace('"', "'").split())
