"""The hours of hosts in the API: one's own, and who receives visitors of a development."""

from datetime import timedelta

import pytest

from accounts.models import AuditEvent
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import seated
from accounts.tests.factories.people import UserFactory
from catalog.models import Availability, AvailabilityException
from catalog.services.availability import add_exception
from catalog.tests.factories.homes import DevelopmentFactory
from catalog.tests.factories.hours import host_of, receiving
from config.shared.clock import database_now

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R23")]

HOURS = "/api/v1/me/availability/"
EXCEPTIONS = "/api/v1/me/availability/exceptions/"


def week(*hours, time_zone="Europe/London"):
    rows = [
        {"weekday": day, "opens": opens, "closes": closes, **more}
        for day, opens, closes, more in hours
    ]
    return {"time_zone": time_zone, "hours": rows}


def in_days(number):
    return str(database_now().date() + timedelta(days=number))


def test_somebody_replaces_all_of_their_hours():
    host = UserFactory(time_zone="Asia/Dubai")
    client = client_of(host)

    empty = client.get(HOURS)
    client.put(HOURS, week((0, "09:00", "12:00", {}), (6, "20:00", "24:00", {})))
    answer = client.put(HOURS, week((1, "08:30", "17:00", {"buffer_minutes": 15})))

    assert empty.data == {"time_zone": "Asia/Dubai", "hours": []}
    assert answer.status_code == 200
    assert client.get(HOURS).json() == answer.json()
    assert answer.json() == {
        "time_zone": "Europe/London",
        "hours": [
            {
                "weekday": 1,
                "opens": "08:30",
                "closes": "17:00",
                "slot_minutes": 60,
                "buffer_minutes": 15,
                "lead_minutes": 120,
            }
        ],
    }
    events = AuditEvent.objects.about(host).filter(action="catalog.availability.replaced")
    assert events.count() == 2


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (week((0, "09:00", "09:00", {})), "/hours/0/closes", "hours_reversed"),
        (week((0, "24:00", "24:00", {})), "/hours/0/closes", "hours_reversed"),
        (week((7, "09:00", "10:00", {})), "/hours/0/weekday", "max_value"),
        (week((0, "9", "10:00", {})), "/hours/0/opens", "invalid"),
        (week((0, "09:00", "25:00", {})), "/hours/0/closes", "invalid"),
        (week((0, "09:00", "10:00", {"slot_minutes": 4})), "/hours/0/slot_minutes", "min_value"),
        (week((0, "09:00", "10:00", {}), time_zone="Mars"), "/time_zone", "not_a_choice"),
        (
            week((0, "09:00", "12:00", {}), (1, "09:00", "12:00", {}), (0, "11:59", "13:00", {})),
            "/hours/2",
            "hours_overlap",
        ),
        (week(*([(0, "09:00", "10:00", {})] * 43)), "/hours", "max_length"),
        ({"time_zone": "Asia/Dubai"}, "/hours", "required"),
    ],
)
def test_hours_that_cannot_be_are_refused_where_they_stand(body, pointer, code):
    host = receiving(UserFactory())

    response = client_of(host).put(HOURS, body)

    error = response.data["errors"][0]
    assert (response.status_code, error["pointer"], error["code"]) == (400, pointer, code)
    assert Availability.objects.filter(host=host).count() == 7


def test_hours_that_touch_do_not_overlap():
    client = client_of(UserFactory())

    answer = client.put(HOURS, week((0, "09:00", "12:00", {}), (0, "12:00", "13:00", {})))

    assert len(answer.data["hours"]) == 2


def test_a_day_is_an_exception_once():
    client = client_of(receiving(UserFactory()))
    body = {"day": in_days(3), "opens": "10:00", "closes": "11:00", "is_closed": False}

    made = client.post(EXCEPTIONS, body)
    again = client.post(EXCEPTIONS, {"day": in_days(3)})

    assert (made.status_code, made.data["opens"], made.data["is_closed"]) == (201, "10:00", False)
    assert (again.status_code, again.data["errors"][0]["code"]) == (400, "day_exists")
    assert [row["id"] for row in client.get(EXCEPTIONS).data["results"]] == [made.data["id"]]
    assert client.delete(f"{EXCEPTIONS}{made.data['id']}/").status_code == 204
    assert client.post(EXCEPTIONS, {"day": in_days(3)}).data["is_closed"] is True


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"day": 3, "is_closed": False}, "hours_incomplete"),
        ({"day": 3, "opens": "10:00", "closes": "11:00"}, "hours_incomplete"),
        ({"day": 3, "is_closed": False, "opens": "11:00", "closes": "10:00"}, "hours_incomplete"),
        ({"day": -2}, "day_out_of_range"),
        ({"day": 4000}, "day_out_of_range"),
    ],
)
def test_exceptions_that_cannot_be_are_refused(body, code):
    body = {**body, "day": in_days(body["day"])}

    response = client_of(UserFactory()).post(EXCEPTIONS, body)

    assert (response.status_code, response.data["errors"][0]["code"]) == (400, code)
    assert not AvailabilityException.objects.exists()


def test_hours_and_exceptions_are_everybodys_own(api):
    theirs = add_exception(host=UserFactory(), day=database_now().date())
    stranger = client_of(UserFactory())

    assert api.get(HOURS).status_code == 401
    assert api.put(HOURS, week()).status_code == 401
    assert api.get(EXCEPTIONS).status_code == 401
    assert api.post(EXCEPTIONS, {"day": in_days(1)}).status_code == 401
    assert stranger.get(EXCEPTIONS).data["results"] == []
    assert stranger.delete(f"{EXCEPTIONS}{theirs.pk}/").status_code == 404
    assert stranger.get(f"{EXCEPTIONS}{theirs.pk}/").status_code == 404
    assert AvailabilityException.objects.filter(pk=theirs.pk).exists()


def test_exceptions_are_filtered_by_day():
    host = UserFactory()
    client = client_of(host)
    for number in (1, 5, 9):
        client.post(EXCEPTIONS, {"day": in_days(number)})

    found = client.get(f"{EXCEPTIONS}?day_min={in_days(2)}&day_max={in_days(9)}").data["results"]

    assert [row["day"] for row in found] == [in_days(5), in_days(9)]
    assert client.get(f"{EXCEPTIONS}?day_min=soon").status_code == 400


def test_a_development_shows_who_receives_visitors(api):
    development = DevelopmentFactory()
    sales, site = host_of(development), host_of(development, role="site")
    host_of(development, role="finance"), seated(development.builder, "sales")
    host_of(DevelopmentFactory())
    path = f"/api/v1/developments/{development.pk}/hosts/"

    found = client_of(UserFactory()).get(path).data["results"]

    assert {row["id"]: row["role"] for row in found} == {
        str(sales.pk): "sales",
        str(site.pk): "site",
    }
    assert {row["time_zone"] for row in found} == {"Asia/Dubai"}
    assert api.get(path).status_code == 401
    planned = DevelopmentFactory(planning=True)
    hidden = client_of(UserFactory()).get(f"/api/v1/developments/{planned.pk}/hosts/")
    assert hidden.status_code == 404


def test_the_list_of_hosts_costs_the_same_however_long_it_is(assert_constant_queries):
    development = DevelopmentFactory()
    client = client_of(UserFactory())

    assert_constant_queries(
        lambda: client.get(f"/api/v1/developments/{development.pk}/hosts/"),
        lambda: host_of(development),
    )


def test_the_list_of_exceptions_costs_the_same_however_long_it_is(assert_constant_queries):
    host = UserFactory()
    client, days = client_of(host), iter(range(1, 100))

    assert_constant_queries(
        lambda: client.get("/api/v1/me/availability/exceptions/"),
        lambda: client.post(EXCEPTIONS, {"day": in_days(next(days))}),
    )
