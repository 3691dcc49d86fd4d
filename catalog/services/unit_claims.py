"""A unit's state as the shadow of its booking: written by the booking services alone."""

from datetime import datetime
from typing import Any

from catalog.choices import UnitStatus
from catalog.flows import UNIT_FLOW
from catalog.models import Unit


def shadow_unit(
    *,
    unit: Unit,
    status: str,
    until: datetime | None = None,
    waiting_count: int | None = None,
) -> Unit:
    """Set the state that follows from the unit's booking, in the open transaction.

    The unit is locked. ``until`` is when a hold, a payment or an offer to a waiting customer
    lapses (only with ``held``). Nothing is written into the audit: the booking's own move is.
    Raises ``InvalidTransitionError`` for a move that units do not make.
    """
    changes: dict[str, Any] = {"status": status, "claimed_until": until}
    if waiting_count is not None:
        changes["waiting_count"] = waiting_count
    if status != unit.status:
        UNIT_FLOW.check(unit.status, status)
    held = status == UnitStatus.HELD
    if held != (until is not None):
        raise ValueError("Exactly a held unit has a time when that lapses.")
    for name, value in changes.items():
        setattr(unit, name, value)
    unit.save(update_fields=[*changes, "updated_at"])
    return unit
