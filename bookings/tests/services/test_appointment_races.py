"""Appointments that many want in the same moment: one gets each, and nobody waits for ever."""

from datetime import timedelta
from itertools import pairwise

import pytest

from accounts.tests.factories.people import UserFactory
from bookings.appointment_exceptions import GuestBusyError, HostBusyError
from bookings.choices import AppointmentStatus
from bookings.models import Appointment, ClaimLog
from bookings.services.appointment_answers import (
    cancel_appointment,
    confirm_appointment,
    decline_appointment,
)
from bookings.services.appointments import request_appointment, reschedule_appointment
from bookings.tests.factories.appointments import slots_of
from catalog.services.availability import replace_hours
from catalog.tests.factories.homes import DevelopmentFactory
from catalog.tests.factories.hours import host_of, hours_on, receiving
from config.shared.errors import AlreadyClaimedError, InvalidTransitionError
from config.tests.racing import race

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.capability("R22"),
]


def asking(actor, host, starts_at, **more):
    return lambda: request_appointment(
        actor=actor, host=host, kind="meeting", starts_at=starts_at, **more
    )


def overlaps():
    """How many pairs of appointments of one host, or of one guest, overlap."""
    found = 0
    for side in ("host_id", "guest_id"):
        taken: dict = {}
        for visit in Appointment.objects.taking():
            taken.setdefault(getattr(visit, side), []).append(
                (visit.during.lower, visit.during.upper)
            )
        for times in taken.values():
            found += sum(after[0] < before[1] for before, after in pairwise(sorted(times)))
    return found


def faults(results):
    """What is neither an appointment nor a refusal that people are told."""
    expected = (Appointment, AlreadyClaimedError, InvalidTransitionError)
    return [result for result in results if not isinstance(result, expected)]


def test_of_fifty_requests_for_one_time_one_is_granted():
    host, guests = receiving(UserFactory()), [UserFactory() for _ in range(50)]
    slot = slots_of(host)[3]

    results = race(*(asking(guest, host, slot) for guest in guests))

    assert faults(results) == []
    assert sum(isinstance(result, Appointment) for result in results) == 1
    assert sum(isinstance(result, HostBusyError) for result in results) == 49
    assert (Appointment.objects.count(), overlaps()) == (1, 0)
    assert ClaimLog.objects.filter(outcome="won").count() == 1
    assert ClaimLog.objects.filter(outcome="lost").count() == 49


def test_a_team_that_confirms_and_gives_overlapping_times_never_doubles_a_host():
    development = DevelopmentFactory()
    host, guests = host_of(development), [UserFactory() for _ in range(24)]
    early, late = guests[:8], guests[8:]
    start = slots_of(host)[4]
    asked = [asking(guest, host, start + timedelta(hours=n))() for n, guest in enumerate(early)]

    results = race(
        *(
            lambda visit=visit: confirm_appointment(appointment=visit, actor=host)
            for visit in asked
        ),
        *(
            asking(
                host,
                host,
                start + timedelta(minutes=20 * number),
                guest=guest,
                minutes=45,
                development=development,
            )
            for number, guest in enumerate(late)
        ),
        *(
            lambda visit=visit: decline_appointment(appointment=visit, actor=host)
            for visit in asked[:4]
        ),
    )

    assert faults(results) == []
    assert overlaps() == 0
    assert Appointment.objects.filter(status=AppointmentStatus.REQUESTED).count() == 0


def test_hosts_who_are_guests_of_each_other_end_in_no_deadlock():
    people = [receiving(UserFactory()) for _ in range(5)]
    slots = slots_of(people[0])[3:5]

    results = race(
        *(
            asking(guest, host, slot)
            for guest in people
            for host in people
            if guest != host
            for slot in slots
        )
    )

    assert faults(results) == []
    assert overlaps() == 0
    assert {type(result) for result in results} <= {Appointment, HostBusyError, GuestBusyError}


def test_moving_and_asking_at_once_leave_no_overlap():
    development = DevelopmentFactory()
    host, guests = host_of(development), [UserFactory() for _ in range(12)]
    slots = slots_of(host)[2:14]
    visits = [
        confirm_appointment(appointment=asking(guest, host, slot)(), actor=host)
        for guest, slot in zip(guests[:6], slots[:6], strict=True)
    ]

    results = race(
        *(
            lambda visit=visit, slot=slot: reschedule_appointment(
                appointment=visit, actor=visit.guest, starts_at=slot
            )
            for visit, slot in zip(visits, slots[3:9], strict=True)
        ),
        *(asking(guest, host, slot) for guest, slot in zip(guests[6:], slots[4:10], strict=True)),
        *(
            lambda visit=visit: cancel_appointment(appointment=visit, actor=host)
            for visit in visits[:3]
        ),
    )

    assert faults(results) == []
    assert overlaps() == 0


def test_of_several_moves_of_one_appointment_one_is_made():
    host, guest = receiving(UserFactory()), UserFactory()
    first, *others = slots_of(host)[2:8]
    visit = confirm_appointment(appointment=asking(guest, host, first)(), actor=host)

    results = race(
        *(
            lambda slot=slot: reschedule_appointment(appointment=visit, actor=guest, starts_at=slot)
            for slot in others
        )
    )

    assert sum(isinstance(result, Appointment) for result in results) == 1
    assert sum(isinstance(result, InvalidTransitionError) for result in results) == 4
    assert Appointment.objects.taking().count() == 1


@pytest.mark.capability("R23")
def test_hours_that_are_replaced_twice_at_once_are_those_of_one():
    host = receiving(UserFactory())
    weeks = [hours_on(0, opens=8, closes=12), hours_on(0, opens=10, closes=16)]

    results = race(
        *(
            lambda hours=hours: replace_hours(host=host, time_zone="Asia/Dubai", hours=hours)
            for hours in weeks
        )
    )

    assert not any(isinstance(result, Exception) for result in results)
    (kept,) = host.availabilities.all()
    assert (kept.from_minute, kept.to_minute) in {(480, 720), (600, 960)}
