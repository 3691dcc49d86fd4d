"""When somebody receives visitors: weekly hours in their own time zone, and days that differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from accounts.models import User
from accounts.services.calendars import zone_of
from catalog.models import Availability, AvailabilityException
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError
from config.shared.locks import lock
from config.shared.retries import retry_transaction

MOST_HOURS = 42
FURTHEST_DAY = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The hours of a week, by the clock on the wall in one time zone."""

    time_zone: str
    hours: list[Availability]


def weekly_hours(*, host: User) -> WeeklyHours:
    """The weekly hours of ``host``; without any, in the time zone of their account."""
    hours = list(Availability.objects.filter(host=host).order_by("weekday", "from_minute", "pk"))
    return WeeklyHours(hours[0].time_zone if hours else host.time_zone, hours)


@retry_transaction
def replace_hours(*, host: User, time_zone: str, hours: Sequence[Mapping[str, Any]]) -> WeeklyHours:
    """Let ``hours`` be all weekly hours of ``host``, read by the clock of ``time_zone``.

    Each has ``weekday`` (0 is Monday), ``from_minute``, ``to_minute``, ``slot_minutes``,
    ``buffer_minutes`` and ``lead_minutes``. The host's row is locked first, so of two replacements
    at once one follows the other. Appointments that were made stay. Raises ``InvalidInputError``
    with the constraint's code for hours that overlap.
    """
    (host,) = lock(host)
    _refuse_overlaps(hours)
    Availability.objects.filter(host=host).delete()
    Availability.objects.bulk_create(
        Availability(host=host, time_zone=time_zone, **values) for values in hours
    )
    audit.record(
        "catalog.availability.replaced",
        target=host,
        actor=host,
        after={"time_zone": time_zone, "hours": len(hours)},
    )
    return weekly_hours(host=host)


@retry_transaction
def add_exception(
    *,
    host: User,
    day: date,
    is_closed: bool = True,
    from_minute: int | None = None,
    to_minute: int | None = None,
    note: str = "",
) -> AvailabilityException:
    """Make ``day`` differ from other days of its weekday: closed, or open at these hours alone.

    Raises ``InvalidInputError`` for a day that is past, or more than three years ahead.
    """
    (host,) = lock(host)
    today = database_now().astimezone(zone_of(weekly_hours(host=host).time_zone)).date()
    if not today <= day <= today + FURTHEST_DAY:
        raise InvalidInputError.at("/day", "day_out_of_range", "From today to three years ahead.")
    made = AvailabilityException.objects.create(
        host=host,
        day=day,
        is_closed=is_closed,
        from_minute=from_minute,
        to_minute=to_minute,
        note=note,
    )
    audit.record(
        "catalog.availabilityexception.added",
        target=made,
        actor=host,
        after={"day": day, "is_closed": is_closed},
    )
    return made


@retry_transaction
def remove_exception(*, exception: AvailabilityException, actor: User) -> None:
    """Let the day of ``exception`` be like the others of its weekday again."""
    _host, found = lock(exception.host, exception)
    audit.record(
        "catalog.availabilityexception.removed",
        target=found,
        actor=actor,
        before={"day": found.day, "is_closed": found.is_closed},
    )
    found.delete()


def _refuse_overlaps(hours: Sequence[Mapping[str, Any]]) -> None:
    """What the constraint would refuse, with the place in the input where it stands."""
    placed = sorted(
        range(len(hours)), key=lambda at: (hours[at]["weekday"], hours[at]["from_minute"])
    )
    for before, at in pairwise(placed):
        same_day = hours[before]["weekday"] == hours[at]["weekday"]
        if same_day and hours[at]["from_minute"] < hours[before]["to_minute"]:
            raise InvalidInputError.at(
                f"/hours/{at}", "hours_overlap", "These hours overlap with others of the same day."
            )
