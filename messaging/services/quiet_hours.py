"""When somebody may be disturbed, and when their digest comes, by the clock on their wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from messaging.choices import Digest
from messaging.models import NotificationSchedule

MORNING = time(8)
MONDAY = 0
DAYS = 7


def zone_named(name: str) -> ZoneInfo:
    """The time zone of this name; UTC for one that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def end_of_quiet(
    schedule: NotificationSchedule | None, *, zone: ZoneInfo, now: datetime
) -> datetime | None:
    """When the quiet hours that it is now in are over; None outside of them.

    They may go over midnight. A night in which the clocks change is as long as it is.
    """
    if schedule is None or schedule.quiet_from is None or schedule.quiet_until is None:
        return None
    local = now.astimezone(zone)
    begin, end, clock = schedule.quiet_from, schedule.quiet_until, local.time()
    over_midnight = begin > end
    if over_midnight:
        is_quiet = clock >= begin or clock < end
    else:
        is_quiet = begin <= clock < end
    if not is_quiet:
        return None
    ends_tomorrow = over_midnight and clock >= begin
    return _moment(local.date() + timedelta(days=ends_tomorrow), end, zone, after=now)


def next_digest(
    schedule: NotificationSchedule | None, *, zone: ZoneInfo, now: datetime
) -> datetime | None:
    """The next morning, or Monday morning, on which a digest comes; None without one.

    Somebody whose quiet hours last longer gets it when they are over.
    """
    if schedule is None or schedule.digest == Digest.OFF:
        return None
    today = now.astimezone(zone).date()
    for ahead in range(DAYS + 1):
        day = today + timedelta(days=ahead)
        if schedule.digest == Digest.WEEKLY and day.weekday() != MONDAY:
            continue
        morning = datetime.combine(day, MORNING, zone).astimezone(UTC)
        if morning > now:
            return end_of_quiet(schedule, zone=zone, now=morning) or morning
    return None


def _moment(day: date, clock: time, zone: ZoneInfo, *, after: datetime) -> datetime:
    """The first time after ``after`` that the clock shows this; it may show it twice."""
    first, second = (
        datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    return first if first > after else second
