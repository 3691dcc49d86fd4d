"""The times at which a host can be visited: what the database would accept, and no other."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from accounts.models import User
from bookings.models import Appointment
from catalog.services.hours import HostCalendar, OfferedTime, calendar_of, times_on
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError

MOST_DAYS = 31
MOST_SLOTS = 1500
FURTHEST = timedelta(days=366)
# How far ahead whoever came too late is told of other times, and of how many.
NEXT_DAYS, NEXT_FREE = 14, 3

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Slots:
    """The free times of a host from one day to another, by the calendar on the host's wall."""

    host: User
    time_zone: str
    first: date
    last: date
    slots: list[OfferedTime]


class Taken:
    """Times that are taken, each list by one person, so that none of them overlap."""

    def __init__(self, intervals: Iterable[Interval]) -> None:
        self._intervals = sorted(intervals)
        self._starts = [start for start, _ in self._intervals]

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether any of them has a moment in common with the time from ``start`` to ``end``."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._intervals[before - 1][1] > start


@dataclass(frozen=True, slots=True)
class Diaries:
    """What host and guest have on already."""

    host: Taken
    guest: Taken

    def host_busy(self, offered: OfferedTime) -> bool:
        """Whether the host has something on then, or too little before or after it."""
        return self.host.overlaps(
            offered.starts_at - offered.buffer, offered.ends_at + offered.buffer
        )

    def guest_busy(self, offered: OfferedTime) -> bool:
        """Whether the guest has something on then."""
        return self.guest.overlaps(offered.starts_at, offered.ends_at)


def find_slots(
    *,
    host: User,
    guest: User,
    first: date | None = None,
    last: date | None = None,
    minutes: int | None = None,
) -> Slots:
    """The times from ``first`` (today) to ``last`` (a week on) at which ``guest`` can visit.

    ``minutes`` is how long the visit takes; left out, as long as the host's hours say. However
    many there are, it costs the same number of queries; after ``MOST_SLOTS`` times the answer
    ends with the day on which they are reached. Raises ``InvalidInputError`` for more than 31
    days, and for days that are long past or more than a year ahead.
    """
    now = database_now()
    _refuse_far(first, now)
    calendar = calendar_of(host=host, first=first, days=MOST_DAYS, now=now)
    first, last = _range(first, last, calendar.today(now))
    diaries = diaries_of(host=host, guest=guest, first=first, last=last)
    found: list[OfferedTime] = []
    for day in _days(first, last):
        found += _free_on(calendar, day, minutes, diaries, now)
        if len(found) >= MOST_SLOTS:
            last = day
            break
    return Slots(host, calendar.time_zone, first, last, found)


def next_free(*, host: User, guest: User, minutes: int, after: datetime) -> list[datetime]:
    """When the next few times begin that suit both, from ``after`` on."""
    now = database_now()
    # The day before in UTC may be the same day on the host's wall.
    first = after.date() - timedelta(days=1)
    last = first + timedelta(days=NEXT_DAYS)
    calendar = calendar_of(host=host, first=first, days=NEXT_DAYS + 1, now=now)
    diaries = diaries_of(host=host, guest=guest, first=first, last=last)
    found: list[datetime] = []
    for day in _days(first, last):
        free = _free_on(calendar, day, minutes, diaries, now)
        found += [offered.starts_at for offered in free if offered.starts_at > after]
        if len(found) >= NEXT_FREE:
            break
    return found[:NEXT_FREE]


def diaries_of(*, host: User, guest: User, first: date, last: date) -> Diaries:
    """What both have on from ``first`` to ``last``, whatever zone those days are meant in."""
    around = DateTimeTZRange(
        datetime.combine(first, time.min, UTC) - timedelta(days=2),
        datetime.combine(last, time.min, UTC) + timedelta(days=3),
    )
    rows = (
        Appointment.objects.taking()
        .filter(Q(host=host) | Q(guest=guest), during__overlap=around)
        .order_by()
        .values_list("host_id", "guest_id", "during")
    )
    taken = [(host_id, guest_id, (on.lower, on.upper)) for host_id, guest_id, on in rows]
    return Diaries(
        host=Taken(time for host_id, _, time in taken if host_id == host.pk),
        guest=Taken(time for _, guest_id, time in taken if guest_id == guest.pk),
    )


def _free_on(
    calendar: HostCalendar, day: date, minutes: int | None, diaries: Diaries, now: datetime
) -> list[OfferedTime]:
    return [
        offered
        for offered in times_on(calendar=calendar, day=day, minutes=minutes)
        if offered.starts_at >= now + offered.lead
        and not diaries.host_busy(offered)
        and not diaries.guest_busy(offered)
    ]


def _refuse_far(first: date | None, now: datetime) -> None:
    if first is not None and abs(first - now.date()) > FURTHEST:
        raise InvalidInputError.in_parameter(
            "from", "day_out_of_range", "A day at most a year from today."
        )


def _range(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    first = first or today
    last = last or first + timedelta(days=6)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise InvalidInputError.in_parameter(
            "to", "range_out_of_range", f"From the first day on, at most {MOST_DAYS} days."
        )
    return first, last


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
