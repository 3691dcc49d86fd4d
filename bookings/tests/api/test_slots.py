"""The free times of hosts in the API: each of them is accepted, and no other."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from accounts.services.connections import block_user
from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.models import Appointment
from bookings.services.appointments import request_appointment
from bookings.tests.factories.appointments import AppointmentFactory, slots_of
from catalog.services.availability import add_exception
from catalog.tests.factories.hours import hours_on, receiving
from config.shared.clock import database_now

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R23")]


def path(host, query=""):
    return f"/api/v1/hosts/{host.pk}/slots/{query}"


def day(number):
    return database_now().date() + timedelta(days=number)


def test_the_slots_of_a_week_are_in_utc_and_say_the_hosts_zone():
    host = receiving(UserFactory(), hours=hours_on(*range(7), opens=9, closes=11))

    answer = client_of(UserFactory()).get(path(host, f"?from={day(2)}&to={day(3)}"))

    assert answer.status_code == 200
    assert (answer.data["time_zone"], answer.data["host"]["id"]) == ("Asia/Dubai", str(host.pk))
    assert (answer.data["first_day"], answer.data["last_day"]) == (str(day(2)), str(day(3)))
    shown = [slot["starts_at"] for slot in answer.data["slots"]]
    assert shown == [f"{day(at)}T{hour}:00:00Z" for at in (2, 3) for hour in ("05", "06")]
    default = client_of(UserFactory()).get(path(host, "?kind=site_visit")).data
    assert len(default["slots"]) in {12, 13, 14}


def test_how_long_it_takes_can_be_asked_for():
    host = receiving(UserFactory(), hours=hours_on(*range(7), opens=9, closes=12))
    ask = f"?from={day(2)}&to={day(2)}&minutes=90"

    slots = client_of(UserFactory()).get(path(host, ask)).data["slots"]

    assert [slot["starts_at"][11:16] for slot in slots] == ["05:00", "06:30"]
    assert [slot["ends_at"][11:16] for slot in slots] == ["06:30", "08:00"]


@pytest.mark.parametrize(
    "query",
    [
        "?from=tomorrow",
        "?to=2020-01-01",
        "?minutes=4",
        "?minutes=481",
        "?minutes=10.5",
        "?kind=party",
        "?from=9999-12-31",
        "?from=0001-01-01",
        "?until=2026-12-01",
        "?minutes=30&minutes=60",
    ],
)
def test_what_cannot_be_asked_for_is_refused(query):
    host = receiving(UserFactory())

    response = client_of(UserFactory()).get(path(host, query))

    assert response.status_code == 400
    assert response.data["errors"][0]["parameter"] in {"from", "to", "minutes", "kind", "until"}


def test_at_most_31_days_are_shown():
    host = receiving(UserFactory())
    client = client_of(UserFactory())

    accepted = client.get(path(host, f"?from={day(1)}&to={day(31)}"))
    refused = client.get(path(host, f"?from={day(1)}&to={day(32)}"))

    assert (accepted.status_code, len(accepted.data["slots"])) == (200, 31 * 24)
    assert (refused.status_code, refused.data["errors"][0]["parameter"]) == (400, "to")


def test_an_answer_ends_before_it_is_too_long():
    hours = hours_on(*range(7), opens=0, closes=24, slot_minutes=5)
    host = receiving(UserFactory(), hours=hours)

    found = client_of(UserFactory()).get(path(host, f"?from={day(1)}&to={day(31)}")).data

    assert len(found["slots"]) == 6 * 288
    assert found["last_day"] == str(day(6))


def test_slots_are_for_those_who_are_signed_in_and_may_see_the_host(api):
    host, shut_out = receiving(UserFactory()), UserFactory()
    block_user(blocker=host, blocked=shut_out)

    assert api.get(path(host)).status_code == 401
    assert client_of(shut_out).get(path(host)).status_code == 404
    assert client_of(UserFactory()).get(path(UserFactory(suspended=True))).status_code == 404
    assert client_of(UserFactory()).get(path(UserFactory())).data["slots"] == []


@pytest.mark.capability("R22")
@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Asia/Dubai"])
@pytest.mark.parametrize(("minutes", "buffer_minutes"), [(None, 0), (110, 30)])
def test_every_slot_is_accepted_and_none_overlaps(zone, minutes, buffer_minutes):
    hours = hours_on(0, 2, 4, opens=8, closes=14, buffer_minutes=buffer_minutes, lead_minutes=90)
    host = receiving(UserFactory(), time_zone=zone, hours=hours)
    add_exception(host=host, day=day(3), is_closed=False, from_minute=600, to_minute=900)
    first = slots_of(host, minutes=minutes, first=day(1), last=day(10))
    request_appointment(
        actor=UserFactory(), host=host, kind="meeting", starts_at=first[3], minutes=minutes
    )
    guest = UserFactory()

    offered = slots_of(host, guest, minutes=minutes, first=day(1), last=day(10))
    for starts_at in offered:
        request_appointment(
            actor=guest, host=host, kind="meeting", starts_at=starts_at, minutes=minutes
        )

    assert len(offered) > 8
    assert slots_of(host, guest, minutes=minutes, first=day(1), last=day(10)) == []
    taken = sorted(
        (visit.during.lower, visit.during.upper) for visit in Appointment.objects.taking()
    )
    for earlier, later in pairwise(taken):
        assert later[0] >= earlier[1] + timedelta(minutes=buffer_minutes)


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/London", datetime(2027, 3, 28, tzinfo=UTC)),
        ("Europe/London", datetime(2027, 10, 31, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 3, 14, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 11, 7, tzinfo=UTC)),
    ],
)
def test_slots_on_days_when_the_clocks_change_are_accepted_as_well(zone, change):
    host, guest = receiving(UserFactory(), time_zone=zone), UserFactory()
    on = change.date()

    offered = slots_of(host, guest, first=on, last=on, minutes=45)
    for starts_at in offered:
        request_appointment(actor=guest, host=host, kind="meeting", starts_at=starts_at, minutes=45)

    assert Appointment.objects.count() == len(offered) >= 30


def test_slots_cost_the_same_however_much_is_on(assert_constant_queries):
    visit = AppointmentFactory()
    client = client_of(UserFactory())

    assert_constant_queries(
        lambda: client.get(f"/api/v1/hosts/{visit.host.pk}/slots/"),
        lambda: AppointmentFactory(host=visit.host, development=visit.development),
    )
