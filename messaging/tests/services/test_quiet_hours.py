"""Quiet hours and digests by the clock on the wall, also in nights in which it changes."""

from datetime import UTC, datetime, time

import pytest

from messaging.models import NotificationSchedule
from messaging.services.quiet_hours import end_of_quiet, next_digest, zone_named

pytestmark = pytest.mark.capability("M11")

DUBAI, BERLIN = zone_named("Asia/Dubai"), zone_named("Europe/Berlin")


def schedule(begin=22, end=7, minutes=0, digest="off"):
    return NotificationSchedule(
        quiet_from=time(begin), quiet_until=time(end, minutes), digest=digest
    )


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (utc(2026, 11, 28, 17, 59), None),
        (utc(2026, 11, 28, 18, 0), utc(2026, 11, 29, 3, 0)),
        (utc(2026, 11, 28, 23, 30), utc(2026, 11, 29, 3, 0)),
        (utc(2026, 11, 29, 2, 59), utc(2026, 11, 29, 3, 0)),
        (utc(2026, 11, 29, 3, 0), None),
    ],
)
def test_quiet_hours_go_over_midnight(now, end):
    assert end_of_quiet(schedule(), zone=DUBAI, now=now) == end


def test_quiet_hours_may_be_within_a_day():
    noon = schedule(13, 15)

    assert end_of_quiet(noon, zone=DUBAI, now=utc(2026, 11, 28, 10)) == utc(2026, 11, 28, 11)
    assert end_of_quiet(noon, zone=DUBAI, now=utc(2026, 11, 28, 11)) is None
    assert end_of_quiet(noon, zone=DUBAI, now=utc(2026, 11, 28, 8)) is None


@pytest.mark.parametrize(
    ("now", "end"),
    [
        # The night to 29 March 2026 lacks the hour from two to three.
        (utc(2026, 3, 28, 22, 0), utc(2026, 3, 29, 5, 0)),
        (utc(2026, 3, 27, 22, 0), utc(2026, 3, 28, 6, 0)),
        # The one to 25 October 2026 has it twice.
        (utc(2026, 10, 24, 21, 0), utc(2026, 10, 25, 6, 0)),
        (utc(2026, 10, 23, 21, 0), utc(2026, 10, 24, 5, 0)),
    ],
)
def test_the_end_is_what_the_clock_shows_in_nights_in_which_it_changes(now, end):
    assert end_of_quiet(schedule(), zone=BERLIN, now=now) == end


def test_an_end_in_the_hour_that_is_missing_or_there_twice_is_after_now():
    half_past_two = schedule(22, 2, 30)

    missing = end_of_quiet(half_past_two, zone=BERLIN, now=utc(2026, 3, 29, 0, 30))
    twice = end_of_quiet(half_past_two, zone=BERLIN, now=utc(2026, 10, 25, 1, 10))

    assert missing == utc(2026, 3, 29, 1, 30)
    assert twice == utc(2026, 10, 25, 1, 30)


def test_a_digest_comes_the_next_morning_or_on_monday():
    daily, weekly = schedule(digest="daily"), schedule(digest="weekly")
    saturday = utc(2026, 11, 28, 12)

    assert next_digest(daily, zone=DUBAI, now=saturday) == utc(2026, 11, 29, 4)
    assert next_digest(weekly, zone=DUBAI, now=saturday) == utc(2026, 11, 30, 4)
    assert next_digest(weekly, zone=DUBAI, now=utc(2026, 11, 30, 4)) == utc(2026, 12, 7, 4)
    assert next_digest(daily, zone=DUBAI, now=utc(2026, 11, 29, 1)) == utc(2026, 11, 29, 4)
    assert next_digest(schedule(), zone=DUBAI, now=saturday) is None
    assert next_digest(None, zone=DUBAI, now=saturday) is None


def test_a_digest_waits_for_whoever_sleeps_longer():
    late = schedule(23, 10, digest="daily")

    assert next_digest(late, zone=DUBAI, now=utc(2026, 11, 28, 12)) == utc(2026, 11, 29, 6)


def test_a_zone_that_nobody_knows_is_utc():
    assert zone_named("Mars/Olympus").key == "UTC"
    assert zone_named("../etc/passwd").key == "UTC"
