"""Whether the states of units are those that follow from their bookings and waiting lists."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bookings.choices import BookingStatus, WaitlistStatus
from bookings.models import Booking, WaitlistEntry
from bookings.services.settling import SHADOWS, ends_at
from catalog.choices import UnitStatus
from catalog.models import Unit
from config.shared import audit
from config.shared.locks import lock
from config.shared.retries import retry_transaction

BATCH = 500
# What stands by itself while nobody claims the unit.
UNCLAIMED = (UnitStatus.AVAILABLE, UnitStatus.BLOCKED, UnitStatus.HANDED_OVER)

Progress = Callable[[int], None]
Shadow = tuple[str, datetime | None, int]


@dataclass(slots=True)
class UnitReport:
    """How many units were looked at, and how many of them contradict their bookings."""

    units: int = 0
    problems: int = 0


def check_units(*, repair: bool = False, progress: Progress = lambda _count: None) -> UnitReport:
    """Compare the state, the end and the number of waiting people of every unit with its bookings
    and its waiting list.

    What seems to differ is looked at once more under the unit's lock, since others go on booking
    meanwhile; with ``repair`` it is put right there. ``progress`` is called with the number of
    units looked at since it was called last. What has merely lapsed is no contradiction.
    """
    report = UnitReport()
    for units in _batches():
        wanted = _shadows(units)
        for unit in units:
            if _shadow_of(unit) != wanted[unit.pk]:
                report.problems += _differs(unit=unit, repair=repair)
        report.units += len(units)
        progress(len(units))
    return report


@retry_transaction
def _differs(*, unit: Unit, repair: bool) -> bool:
    (unit,) = lock(unit)
    wanted, found = _shadows([unit])[unit.pk], _shadow_of(unit)
    if wanted == found:
        return False
    if repair:
        names = ("status", "claimed_until", "waiting_count")
        after = dict(zip(names, wanted, strict=True))
        Unit.objects.filter(pk=unit.pk).update(**after)
        audit.record(
            "catalog.unit.mended",
            target=unit,
            before=dict(zip(names, found, strict=True)),
            after=after,
            reason="It contradicted its bookings or its waiting list.",
        )
    return True


def _batches() -> Iterator[list[Unit]]:
    units = Unit.objects.order_by("pk")
    page = list(units[:BATCH])
    while page:
        yield page
        page = list(units.filter(pk__gt=page[-1].pk)[:BATCH])


def _shadow_of(unit: Unit) -> Shadow:
    return unit.status, unit.claimed_until, unit.waiting_count


def _shadows(units: list[Unit]) -> dict[Any, Shadow]:
    """What the columns of ``units`` ought to be, in three queries."""
    keys = [unit.pk for unit in units]
    live = {row.unit_id: row for row in Booking.objects.live().filter(unit__in=keys)}
    done = set(
        Booking.objects.filter(unit__in=keys, status=BookingStatus.COMPLETED)
        .order_by()
        .values_list("unit", flat=True)
    )
    offers: dict[Any, WaitlistEntry] = {}
    waiting: dict[Any, int] = {}
    for entry in WaitlistEntry.objects.open().filter(unit__in=keys):
        if entry.status == WaitlistStatus.OFFERED:
            offers[entry.unit_id] = entry
        else:
            waiting[entry.unit_id] = waiting.get(entry.unit_id, 0) + 1
    return {
        unit.pk: (
            *_state(unit, live.get(unit.pk), offers.get(unit.pk), unit.pk in done),
            waiting.get(unit.pk, 0),
        )
        for unit in units
    }


def _state(
    unit: Unit, booking: Booking | None, offer: WaitlistEntry | None, is_done: bool
) -> tuple[str, datetime | None]:
    if booking is not None:
        return SHADOWS[booking.status].value, ends_at(booking)
    if is_done:
        return UnitStatus.HANDED_OVER.value, None
    if offer is not None:
        return UnitStatus.HELD.value, offer.offer_until
    return (unit.status if unit.status in UNCLAIMED else UnitStatus.AVAILABLE.value), None
