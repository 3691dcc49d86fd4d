"""Weekly hours turned into moments, on ordinary days and on those when the clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from accounts.tests.factories.people import UserFactory
from catalog.services.availability import add_exception
from catalog.services.hours import calendar_of, moment, times_on
from catalog.tests.factories.hours import hours_on, receiving
from config.shared.clock import database_now

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R23")]

EVERY_DAY = range(7)


def times(zone, day, minutes=None, **hours):
    """When the times of ``day`` begin, in UTC, for somebody in ``zone`` with hours every day."""
    host = receiving(UserFactory(), time_zone=zone, hours=hours_on(*EVERY_DAY, **hours))
    calendar = calendar_of(host=host, first=day, days=1, now=database_now())
    return list(times_on(calendar=calendar, day=day, minutes=minutes))


def shown(found):
    return [f"{each.starts_at:%d %H:%M}" for each in found]


def test_hours_are_read_by_the_clock_of_the_host():
    winter = times("Europe/London", date(2026, 12, 1), opens=9, closes=11)
    summer = times("Europe/London", date(2026, 7, 1), opens=9, closes=11)
    dubai = times("Asia/Dubai", date(2026, 7, 1), opens=9, closes=11)

    assert shown(winter) == ["01 09:00", "01 10:00"]
    assert shown(summer) == ["01 08:00", "01 09:00"]
    assert shown(dubai) == ["01 05:00", "01 06:00"]


def test_a_beginning_that_the_clock_skips_is_not_offered_in_london():
    found = times("Europe/London", date(2027, 3, 28), opens=0, closes=4)

    # 01:00 to 02:00 do not exist: the clock goes from 00:59 GMT to 02:00 BST.
    assert shown(found) == ["28 00:00", "28 01:00", "28 02:00"]


def test_a_beginning_that_the_clock_skips_is_not_offered_in_new_york():
    found = times("America/New_York", date(2027, 3, 14), opens=1, closes=5)

    # 01:00 EST, then 03:00 and 04:00 EDT.
    assert shown(found) == ["14 06:00", "14 07:00", "14 08:00"]


def test_a_beginning_that_the_clock_shows_twice_is_offered_once_in_london():
    found = times("Europe/London", date(2026, 10, 25), opens=0, closes=4)

    # 00:00 and 01:00 BST, then 02:00 and 03:00 GMT; 01:00 GMT is the second of its name.
    assert shown(found) == ["24 23:00", "25 00:00", "25 02:00", "25 03:00"]


def test_a_beginning_that_the_clock_shows_twice_is_offered_once_in_new_york():
    found = times("America/New_York", date(2027, 11, 7), opens=0, closes=4)

    # 00:00 and 01:00 EDT, then 02:00 and 03:00 EST.
    assert shown(found) == ["07 04:00", "07 05:00", "07 07:00", "07 08:00"]


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2026, 10, 25)])
def test_dubai_has_the_same_times_all_the_year(day):
    found = times("Asia/Dubai", day, opens=0, closes=24)

    assert len(found) == 24
    assert {later.starts_at - earlier.starts_at for earlier, later in pairwise(found)} == {
        timedelta(hours=1)
    }


@pytest.mark.parametrize("minutes", [5, 45, 100])
@pytest.mark.parametrize("buffer_minutes", [0, 40])
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/London", date(2027, 3, 28)),
        ("Europe/London", date(2026, 10, 25)),
        ("America/New_York", date(2027, 3, 14)),
        ("America/New_York", date(2027, 11, 7)),
        ("Asia/Dubai", date(2027, 3, 28)),
        ("Africa/Cairo", date(2027, 4, 30)),
        ("Australia/Lord_Howe", date(2027, 4, 4)),
    ],
)
def test_times_never_overlap_and_keep_the_buffer(zone, day, minutes, buffer_minutes):
    found = times(zone, day, minutes, opens=0, closes=24, buffer_minutes=buffer_minutes)

    assert found
    for earlier, later in pairwise(found):
        assert later.starts_at >= earlier.ends_at + timedelta(minutes=buffer_minutes)
    midnight = moment(day, 1440, ZoneInfo(zone))
    assert found[-1].ends_at <= midnight
    assert all(each.ends_at - each.starts_at == timedelta(minutes=minutes) for each in found)


def test_a_visit_ends_before_the_hours_do():
    found = times("Asia/Dubai", date(2026, 12, 1), 90, opens=9, closes=13)

    # 09:00 and 10:30; one at 12:00 would end at 13:30.
    assert shown(found) == ["01 05:00", "01 06:30"]


def test_a_closed_day_has_no_times_and_another_only_its_own():
    today = database_now().date()
    closed, short = today + timedelta(days=3), today + timedelta(days=4)
    host = receiving(UserFactory(), hours=hours_on(*EVERY_DAY, slot_minutes=30))
    add_exception(host=host, day=closed)
    add_exception(host=host, day=short, is_closed=False, from_minute=600, to_minute=660)

    calendar = calendar_of(host=host, days=7, now=database_now())

    assert list(times_on(calendar=calendar, day=closed)) == []
    found = [each.starts_at for each in times_on(calendar=calendar, day=short)]
    midnight = datetime(short.year, short.month, short.day, tzinfo=UTC) - timedelta(hours=4)
    assert found == [midnight + timedelta(minutes=600), midnight + timedelta(minutes=630)]


def test_nobody_without_hours_has_times():
    calendar = calendar_of(host=UserFactory(), days=1, now=database_now())

    assert list(times_on(calendar=calendar, day=date(2026, 12, 1))) == []


def test_a_day_that_is_open_by_exception_alone_has_times():
    host, day = UserFactory(time_zone="Europe/London"), database_now().date() + timedelta(days=9)
    add_exception(host=host, day=day, is_closed=False, from_minute=540, to_minute=660)

    calendar = calendar_of(host=host, first=day, days=1, now=database_now())

    assert calendar.time_zone == "Europe/London"
    assert len(list(times_on(calendar=calendar, day=day))) == 2
