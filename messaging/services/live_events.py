"""What happened, for one person, from a position on (docs/adr/0010).

**Why nothing is missed.** Numbers are drawn when rows are written and become visible when their
transaction commits, in another order: a client that asked for "everything after number 17" would
never see number 16 of a transaction that took longer. So an event keeps its transaction (``xid``)
and the oldest transaction that was open when it was written (``horizon``). Everything of
transactions before the horizon had been decided by then: it was visible to whoever saw the event,
and had been told before it. A client that goes on from the horizon of any event that it has is
therefore told all that it lacks, and some of what it has; it knows these by their ``id``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from accounts.services.settings import get_setting
from messaging.models import LiveEvent
from messaging.services.positions import Position, present_position

BATCH = 5_000
DAY_SECONDS = 86_400
# What is deleted is older than what is refused, as events of long transactions look older.
MARGIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Page:
    """What happened after a position.

    Args:
        events: in the order of their transactions.
        position: where to go on from.
        more: whether there is more at once.
        reset: whether the position was too old, or is none of this database: what clients keep
            they have to fetch anew, and go on from ``position``.
    """

    events: Sequence[LiveEvent]
    position: Position
    more: bool = False
    reset: bool = False


def events_since(*, user_id: UUID, position: Position | None, limit: int) -> Page:
    """At most ``limit`` events of one person after ``position``; none without a position."""
    now = present_position()
    if position is None:
        return Page((), now)
    if not _is_known(position, now):
        return Page((), now, reset=True)
    rows = LiveEvent.objects.filter(user_id=user_id).since(position.horizon)
    end = now
    if position.after:
        xid, number = position.after
        end = Position(position.horizon, position.seconds)
        rows = LiveEvent.objects.filter(user_id=user_id).since(xid).exclude(xid=xid, id__lte=number)
    events = list(rows[: limit + 1])
    if len(events) <= limit:
        return Page(events, end)
    last = events[limit - 1]
    return Page(events[:limit], Position(end.horizon, end.seconds, (last.xid, last.pk)), more=True)


def events_of(*, user_ids: Sequence[UUID], since: Position, limit: int) -> Page:
    """What several people should have been told since a position, for whoever fell behind."""
    now = present_position()
    rows = LiveEvent.objects.filter(user_id__in=user_ids).since(since.horizon)
    events = list(rows[: limit + 1])
    return Page(events[:limit], now, more=len(events) > limit)


def events_numbered(numbers: Sequence[int]) -> dict[int, LiveEvent]:
    """Events by their numbers; those that are gone are left out."""
    return LiveEvent.objects.in_bulk(list(numbers))


def delete_old_events() -> int:
    """Delete what no client may ask for any more, some thousands at a time."""
    age = timedelta(days=get_setting("live_event_days")) + MARGIN
    return _delete(LiveEvent.objects.filter(created_at__lt=Now() - age))


def _is_known(position: Position, now: Position) -> bool:
    days: int = get_setting("live_event_days")
    is_young = position.seconds >= now.seconds - days * DAY_SECONDS
    return is_young and position.horizon <= now.horizon


def _delete(rows: Any) -> int:
    deleted = 0
    while keys := list(rows.order_by().values_list("pk", flat=True)[:BATCH]):
        deleted += LiveEvent.objects.filter(Q(pk__in=keys)).delete()[0]
    return deleted
