"""Weekly hours turned into moments, also on days on which the clocks change.

A visit begins at a time that the host's clock shows, counted from the beginning of the hours in
steps of its length and the buffer:

* A beginning that the clock skips (in spring) is not offered.
* One that the clock shows twice (in autumn) is offered once, the first time.
* Hours that end at a skipped time end at the moment that RFC 5545 §3.3.5 means by it: by the
  offset before the change. Lengths, buffers and lead times are true minutes, whatever the clock
  shows meanwhile; a beginning that the skipped hour has moved into the visit before is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.services.calendars import zone_of
from catalog.models import Availability, AvailabilityException
from catalog.services.availability import weekly_hours


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """A time at which a host would receive somebody, if nothing else is on."""

    starts_at: datetime
    ends_at: datetime
    buffer: timedelta
    lead: timedelta


@dataclass(frozen=True, slots=True)
class HostCalendar:
    """The hours of a host, and the days in a range that differ from them."""

    time_zone: str
    zone: ZoneInfo
    weekly: list[Availability]
    exceptions: dict[date, AvailabilityException]

    def today(self, now: datetime) -> date:
        """The date on the host's wall."""
        return now.astimezone(self.zone).date()


def calendar_of(*, host: User, first: date | None = None, days: int, now: datetime) -> HostCalendar:
    """The calendar of ``host`` for ``days`` days from ``first`` (today), in two queries."""
    week = weekly_hours(host=host)
    zone = zone_of(week.time_zone)
    begin = first or now.astimezone(zone).date()
    differing = AvailabilityException.objects.filter(
        host=host, day__gte=begin, day__lt=begin + timedelta(days=days)
    )
    return HostCalendar(zone.key, zone, week.hours, {each.day: each for each in differing})


def times_on(
    *, calendar: HostCalendar, day: date, minutes: int | None = None
) -> Iterator[OfferedTime]:
    """The times of ``day`` at which the host receives, in order; none overlaps another.

    ``minutes`` is how long a visit takes; left out, as long as the host's hours say.
    """
    free_from: datetime | None = None
    for hours in _hours_on(calendar, day):
        for offered in _times_in(hours, calendar.zone, day, minutes or hours.slot_minutes):
            if free_from is None or offered.starts_at >= free_from:
                free_from = offered.ends_at + offered.buffer
                yield offered


def moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The first moment at which the clock of ``zone`` shows ``minute`` minutes after midnight."""
    return _wall(day, minute).replace(tzinfo=zone, fold=0).astimezone(UTC)


def is_skipped(day: date, minute: int, zone: ZoneInfo) -> bool:
    """Whether the clock of ``zone`` never shows that time of that day."""
    return moment(day, minute, zone).astimezone(zone).replace(tzinfo=None) != _wall(day, minute)


def _wall(day: date, minute: int) -> datetime:
    return datetime.combine(day, time.min) + timedelta(minutes=minute)


def _times_in(
    hours: Availability, zone: ZoneInfo, day: date, minutes: int
) -> Iterator[OfferedTime]:
    closes = moment(day, hours.to_minute, zone)
    length, buffer = timedelta(minutes=minutes), timedelta(minutes=hours.buffer_minutes)
    lead = timedelta(minutes=hours.lead_minutes)
    step = minutes + hours.buffer_minutes
    for minute in range(hours.from_minute, hours.to_minute - minutes + 1, step):
        starts_at = moment(day, minute, zone)
        if starts_at + length <= closes and not is_skipped(day, minute, zone):
            yield OfferedTime(starts_at, starts_at + length, buffer, lead)


def _hours_on(calendar: HostCalendar, day: date) -> list[Availability]:
    usual = [hours for hours in calendar.weekly if hours.weekday == day.weekday()]
    exception = calendar.exceptions.get(day)
    if exception is None:
        return usual
    if exception.is_closed:
        return []
    manner = next(iter(usual or calendar.weekly), Availability())
    return [
        Availability(
            weekday=day.weekday(),
            from_minute=exception.from_minute or 0,
            to_minute=exception.to_minute or 0,
            slot_minutes=manner.slot_minutes,
            buffer_minutes=manner.buffer_minutes,
            lead_minutes=manner.lead_minutes,
        )
    ]
