"""What people are told about appointments, and what their calendars make of it."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_email, sent_sms
from bookings.models import Appointment
from bookings.services.appointment_answers import (
    cancel_appointment,
    confirm_appointment,
    decline_appointment,
)
from bookings.services.appointment_reminders import remind_of_appointments
from bookings.services.appointments import reschedule_appointment
from bookings.services.calendar_files import calendar_file, uid_of
from bookings.tests.factories.appointments import AppointmentFactory, next_slot
from catalog.tests.factories.homes import DevelopmentFactory
from catalog.tests.factories.hours import host_of
from config.shared.clock import database_now
from config.tests.racing import race
from config.tests.support import drain
from messaging.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R21")]


@pytest.fixture
def guest():
    return UserFactory(with_email=True, full_name="Omar Haddad", time_zone="Europe/London")


def calendars(address):
    """The events in the files of the mails to ``address``, each with its method."""
    found = []
    for mail in sent_email(address):
        for name, content, kind in mail.attachments:
            calendar = Calendar.from_ical(content)
            (event,) = calendar.walk("VEVENT")
            assert name == "appointment.ics"
            assert kind == f"text/calendar; method={calendar['method']}"
            found.append((str(calendar["method"]), event))
    return found


def test_an_appointment_moves_and_ends_in_the_calendar_as_well(guest):
    visit = confirm_appointment(
        appointment=(asked := AppointmentFactory(guest=guest)), actor=asked.host, location="Gate 2"
    )
    later = next_slot(visit.host, place=5)
    moved = reschedule_appointment(appointment=visit, actor=visit.host, starts_at=later)
    cancel_appointment(appointment=moved, actor=visit.host, reason="Storm")
    drain()

    found = calendars(guest.email)

    assert [method for method, _ in found] == ["REQUEST", "REQUEST", "CANCEL"]
    events = [event for _, event in found]
    assert [event["sequence"] for event in events] == [0, 1, 2]
    assert {str(event["uid"]) for event in events} == {uid_of(visit)}
    assert [str(event["status"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert events[1].decoded("dtstart") == later
    assert events[1].decoded("dtend") == later + timedelta(hours=1)
    assert str(events[0]["location"]) == "Gate 2"
    assert f"mailto:{guest.email}" in str(events[0]["attendee"])
    subjects = [mail.subject for mail in sent_email(guest.email)]
    assert [subject.split(" on ")[0] for subject in subjects] == [
        "Your appointment",
        "Your appointment was moved",
        "Your appointment",
    ]
    assert "Storm" in sent_email(guest.email)[-1].body
    assert "(Europe/London)" in sent_email(guest.email)[0].body


def test_the_host_is_told_of_asks_and_the_guest_of_refusals(guest):
    visit = AppointmentFactory(guest=guest)
    decline_appointment(appointment=visit, actor=visit.host, reason="On leave")
    drain()

    ask = sent_sms(visit.host.phone_number)[-1]
    (refusal,) = sent_email(guest.email)
    assert ask.startswith("Courtyard: Omar Haddad asks for an appointment on ")
    assert "On leave" in refusal.body
    assert refusal.attachments == []


def test_a_guest_who_moves_it_lets_the_host_know(guest):
    visit = AppointmentFactory(guest=guest, confirmed=True)
    reschedule_appointment(
        appointment=visit, actor=guest, starts_at=next_slot(visit.host, guest, place=2)
    )
    drain()

    assert "asks to move your appointment from" in sent_sms(visit.host.phone_number)[-1]


def test_nobodys_address_is_in_a_file_for_somebody_else(guest):
    visit = AppointmentFactory(guest=guest, confirmed=True)
    visit.meeting_url = "https://meet.example/room"

    for_host = calendar_file(appointment=visit, reader=visit.host)
    (event,) = Calendar.from_ical(for_host).walk("VEVENT")

    assert guest.email not in for_host
    assert guest.phone_number not in for_host
    assert str(event["attendee"]) == f"urn:uuid:{visit.host.pk}"
    assert str(event["url"]) == "https://meet.example/room"


def test_what_people_write_breaks_no_calendar(guest):
    visit = AppointmentFactory(guest=guest, confirmed=True)
    visit.location = 'Gate "2";\r\nEND:VEVENT, left'
    visit.guest.full_name = 'O"mar\nATTENDEE:x'

    text = calendar_file(appointment=visit, reader=visit.guest)
    (event,) = Calendar.from_ical(text).walk("VEVENT")

    assert str(event["location"]) == "Gate '2'; END:VEVENT, left"
    assert "\nATTENDEE:x" not in text
    assert text.count("BEGIN:VEVENT") == text.count("\r\nEND:VEVENT\r\n") == 1


def test_a_calendar_fetches_the_appointment():
    visit = AppointmentFactory()

    answer = client_of(visit.guest).get(f"/api/v1/appointments/{visit.pk}/calendar.ics")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert (str(calendar["method"]), str(event["status"])) == ("PUBLISH", "TENTATIVE")
    assert event.decoded("dtstart") == visit.during.lower
    assert "(Asia/Dubai)" in str(event["description"])


def test_both_are_reminded_once_when_it_is_near(guest):
    development = DevelopmentFactory()
    host = host_of(development)
    near = AppointmentFactory(development=development, host=host, guest=guest, confirmed=True)
    AppointmentFactory(development=development, host=host)
    far = AppointmentFactory(
        development=development,
        host=host,
        confirmed=True,
        starts_at=next_slot(host, place=60),
    )

    assert (remind_of_appointments(), remind_of_appointments()) == (1, 0)

    near.refresh_from_db()
    far.refresh_from_db()
    assert (near.reminder_sent_at is None, far.reminder_sent_at) == (False, None)
    reminded = Notification.objects.filter(type="appointment_reminder").order_by("pk")
    assert {notice.user for notice in reminded} == {host, guest}


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_nobody_twice():
    visits = [AppointmentFactory(confirmed=True) for _ in range(3)]

    results = race(*(remind_of_appointments for _ in range(4)))

    assert sum(results) == 3
    assert Notification.objects.filter(type="appointment_reminder").count() == 6
    assert not Appointment.objects.filter(
        pk__in=[visit.pk for visit in visits], reminder_sent_at__isnull=True
    ).exists()
    assert database_now() > Appointment.objects.latest("reminder_sent_at").reminder_sent_at
