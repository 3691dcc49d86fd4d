"""Units of the demo in the states that their bookings and waiting lists imply."""

from collections.abc import Iterable
from typing import Any

from bookings.choices import WaitlistStatus
from bookings.demo_deals import Deal
from bookings.models import WaitlistEntry
from catalog.choices import UnitStatus
from catalog.models import Unit


def shadow_units(deals: Iterable[Deal], waiting: Iterable[Any]) -> None:
    """Let the units follow what was just added; those that somebody has moved since stay."""
    wanted: dict[Any, dict[str, Any]] = {}
    for deal in deals:
        if deal.shadow:
            status, until = deal.shadow
            wanted[deal.unit.pk] = {"status": status, "claimed_until": until}
    if not wanted:
        return
    for row in waiting:
        if not isinstance(row, WaitlistEntry):
            continue
        columns = wanted.setdefault(row.unit_id, {})
        if row.status == WaitlistStatus.WAITING:
            columns["waiting_count"] = columns.get("waiting_count", 0) + 1
        elif row.status == WaitlistStatus.OFFERED:
            columns |= {"status": UnitStatus.HELD, "claimed_until": row.offer_until}
    for key, columns in wanted.items():
        Unit.objects.filter(pk=key, status=UnitStatus.AVAILABLE).update(**columns)
