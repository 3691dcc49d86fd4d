"""Appointments: asking, answering, moving, calling off, and what came of them."""

from datetime import timedelta

import pytest

from accounts.tests.factories.organizations import seated, site_administrator
from accounts.tests.factories.people import UserFactory
from bookings.appointment_exceptions import (
    GuestBusyError,
    HostBusyError,
)
from bookings.models import Appointment, ClaimLog
from bookings.services.appointment_answers import (
    cancel_appointment,
    confirm_appointment,
    decline_appointment,
)
from bookings.services.appointments import request_appointment, reschedule_appointment
from bookings.tests.factories.appointments import (
    AppointmentFactory,
    next_slot,
    slots_of,
)
from catalog.services.hours import calendar_of, times_on
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from catalog.tests.factories.hours import host_of, hours_on, receiving
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, NotAllowedError

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R21")]


def ask(host, guest=None, *, starts_at=None, **changes):
    guest = guest or UserFactory()
    starts_at = starts_at or next_slot(host, guest)
    return request_appointment(
        actor=guest, host=host, starts_at=starts_at, kind="site_visit", **changes
    )


def test_a_guest_asks_for_a_slot_and_the_host_confirms():
    development = DevelopmentFactory()
    host, guest = host_of(development), UserFactory()
    unit = UnitFactory(development=development)
    slot = next_slot(host, guest)

    asked = ask(host, guest, starts_at=slot, unit=unit, notes="With my father")

    assert (asked.status, asked.organization, asked.development) == (
        "requested",
        development.builder,
        development,
    )
    assert (asked.during.lower, asked.during.upper) == (slot, slot + timedelta(hours=1))
    assert asked.time_zone == "Asia/Dubai"
    confirmed = confirm_appointment(appointment=asked, actor=host, location="Gate 2")
    confirmed.refresh_from_db()
    assert (confirmed.status, confirmed.location) == ("confirmed", "Gate 2")
    (won,) = ClaimLog.objects.filter(subject="slot")
    assert (won.who, won.outcome) == (guest, "won")


@pytest.mark.capability("R22")
def test_a_time_that_is_taken_is_refused_with_the_next_ones():
    host, late = receiving(UserFactory()), UserFactory()
    slot = next_slot(host)
    ask(host, starts_at=slot)

    with pytest.raises(HostBusyError) as refused:
        ask(host, late, starts_at=slot)

    following = [slot + timedelta(hours=hours) for hours in (1, 2, 3)]
    assert refused.value.extra["next_free"] == [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in following]
    assert Appointment.objects.count() == 1
    lost = ClaimLog.objects.get(outcome="lost")
    assert (lost.who, lost.subject, lost.reason) == (late, "slot", "host_busy")
    assert lost.object_id == ClaimLog.objects.get(outcome="won").object_id


@pytest.mark.capability("R22")
def test_a_guest_is_at_one_place_at_a_time():
    guest = UserFactory()
    first, second = receiving(UserFactory()), receiving(UserFactory())
    slot = next_slot(first)
    ask(first, guest, starts_at=slot)

    assert slot not in slots_of(second, guest)
    with pytest.raises(GuestBusyError):
        ask(second, guest, starts_at=slot)

    assert Appointment.objects.count() == 1


def too_soon(host):
    """A time of the host's that is hours ahead, but within their lead time of ten hours."""
    now = database_now()
    calendar = calendar_of(host=host, days=2, now=now)
    today = calendar.today(now)
    times = [
        offered.starts_at
        for day in (today, today + timedelta(days=1))
        for offered in times_on(calendar=calendar, day=day)
    ]
    return next(time for time in times if time > now + timedelta(hours=1))


@pytest.mark.capability("R23")
def test_the_buffer_and_the_lead_time_are_kept():
    hours = hours_on(*range(7), opens=0, closes=24, buffer_minutes=30, lead_minutes=600)
    host = receiving(UserFactory(), hours=hours)
    free = slots_of(host)

    assert free[0] >= database_now() + timedelta(minutes=600)
    assert free[1] - free[0] == timedelta(minutes=90)
    # Short visits begin at full hours, long ones at every third half: this is a time of both.
    place = next(place for place in (1, 2) if not free[place].minute)
    before, at, after = free[place - 1 : place + 2]
    ask(host, starts_at=at)
    with pytest.raises(HostBusyError):
        ask(host, starts_at=at, minutes=30)
    assert at not in slots_of(host)
    assert {before, after} < set(slots_of(host))
    with pytest.raises(InvalidInputError) as refused:
        ask(host, starts_at=too_soon(host))
    assert refused.value.errors[0].code == "slot_not_offered"


@pytest.mark.parametrize("shift", [timedelta(minutes=30), timedelta(days=400), -timedelta(days=2)])
def test_only_what_the_host_offers_can_be_asked_for(shift):
    host = receiving(UserFactory())

    with pytest.raises(InvalidInputError) as refused:
        ask(host, starts_at=next_slot(host) + shift)

    assert refused.value.errors[0].pointer == "/starts_at"
    assert not Appointment.objects.exists()


def test_the_team_gives_a_guest_any_time_and_it_is_confirmed():
    development = DevelopmentFactory()
    host, colleague = host_of(development, hours=[]), seated(development.builder, "sales")
    guest, starts_at = UserFactory(), database_now() + timedelta(minutes=20)
    values = {"host": host, "guest": guest, "kind": "meeting", "development": development}

    made = request_appointment(actor=colleague, starts_at=starts_at, **values)

    assert (made.status, made.guest) == ("confirmed", guest)
    assert made.during.upper - made.during.lower == timedelta(hours=1)
    with pytest.raises(HostBusyError):
        request_appointment(
            actor=colleague, starts_at=starts_at, **{**values, "guest": UserFactory()}
        )


def test_nobody_else_makes_appointments_for_others():
    development = DevelopmentFactory()
    host, guest = host_of(development), UserFactory()
    values = {"host": host, "guest": guest, "starts_at": next_slot(host), "kind": "meeting"}
    private = receiving(UserFactory())

    for actor, more in (
        (UserFactory(), {"development": development}),
        (seated(development.builder, "site"), {"development": development}),
        (host, {}),
        (private, {"host": private}),
    ):
        with pytest.raises(NotAllowedError):
            request_appointment(actor=actor, **{**values, **more})

    assert not Appointment.objects.exists()


def test_who_and_what_have_to_belong_together():
    development, host = DevelopmentFactory(), receiving(UserFactory())
    own = host_of(development)

    for changes, pointer in (
        ({"host": host, "development": development}, "/host"),
        ({"host": own, "development": development, "unit": UnitFactory()}, "/unit"),
        ({"host": own, "guest": own}, "/guest"),
    ):
        values = {"starts_at": next_slot(own), "kind": "meeting", **changes}
        with pytest.raises(InvalidInputError) as refused:
            request_appointment(actor=changes.get("guest") or UserFactory(), **values)
        assert refused.value.errors[0].pointer == pointer

    assert not Appointment.objects.exists()


def test_the_host_the_team_and_staff_answer_and_nobody_else():
    development = DevelopmentFactory()
    asked = AppointmentFactory(development=development)
    refused = [asked.guest, seated(development.builder, "finance"), UserFactory(staff=True)]

    for actor in refused:
        for answer in (confirm_appointment, decline_appointment):
            with pytest.raises(NotAllowedError):
                answer(appointment=asked, actor=actor)

    asked.refresh_from_db()
    assert asked.status == "requested"
    for actor in (member_of(development.builder, "owner"), site_administrator()):
        other = AppointmentFactory(development=development, host=asked.host)
        assert confirm_appointment(appointment=other, actor=actor).status == "confirmed"


def test_what_is_declined_or_cancelled_is_free_again():
    asked = AppointmentFactory()
    slot = asked.during.lower
    assert slot not in slots_of(asked.host)

    declined = decline_appointment(appointment=asked, actor=asked.host, reason="On leave")

    assert (declined.status, declined.outcome_note) == ("declined", "On leave")
    again = ask(asked.host, starts_at=slot)
    cancelled = cancel_appointment(appointment=again, actor=again.guest, reason="Ill")
    assert (cancelled.status, cancelled.cancelled_by, cancelled.cancel_reason) == (
        "cancelled",
        again.guest,
        "Ill",
    )
    assert slot in slots_of(asked.host)
    outcomes = ClaimLog.objects.order_by("outcome").values_list("outcome", flat=True)
    assert list(outcomes) == ["released", "released", "won", "won"]


def test_a_guest_who_moves_an_appointment_waits_for_an_answer():
    visit = AppointmentFactory(confirmed=True)
    later = next_slot(visit.host, visit.guest, place=4)

    moved = reschedule_appointment(appointment=visit, actor=visit.guest, starts_at=later)

    visit.refresh_from_db()
    assert (visit.status, moved.status, moved.rescheduled_from) == (
        "rescheduled",
        "requested",
        visit,
    )
    assert (moved.during.lower, moved.sequence) == (later, 1)
    assert visit.during.lower in slots_of(visit.host)


def test_a_host_moves_an_appointment_to_a_time_that_overlaps_with_the_old_one():
    visit = AppointmentFactory(confirmed=True)
    half_an_hour_on = visit.during.lower + timedelta(minutes=30)

    moved = reschedule_appointment(
        appointment=visit, actor=visit.host, starts_at=half_an_hour_on, minutes=90
    )

    assert moved.status == "confirmed"
    assert moved.during.upper == half_an_hour_on + timedelta(minutes=90)


@pytest.mark.capability("R22")
def test_an_appointment_stays_when_the_other_time_is_taken():
    visit = AppointmentFactory(confirmed=True)
    taken = AppointmentFactory(development=visit.development, host=visit.host)

    for actor in (visit.guest, visit.host):
        with pytest.raises(HostBusyError):
            reschedule_appointment(appointment=visit, actor=actor, starts_at=taken.during.lower)

    visit.refresh_from_db()
    assert visit.status == "confirmed"
    assert Appointment.objects.count() == 2
    assert ClaimLog.objects.filter(outcome="lost").count() == 2
