"""What live updates keep about a person: for some days, that something happened to them."""

from typing import Any

from accounts.models import User
from accounts.services.personal_data import MOST_ROWS, all_facts
from config.shared.personal_data import collects, erases
from messaging.models import LiveEvent, RealtimeTicket


@collects("messaging.live_events")
def live_events(person: User) -> list[dict[str, Any]]:
    """What their clients were told of, the newest first."""
    rows = LiveEvent.objects.filter(user=person).order_by("-pk")[:MOST_ROWS]
    return all_facts(rows, without={"user", "xid", "horizon"})


@erases("messaging.live_events")
def forget_live_events(person: User) -> int:
    """Delete what their clients were told of, and their tickets."""
    events = LiveEvent.objects.filter(user=person).delete()[0]
    return events + RealtimeTicket.objects.filter(user=person).delete()[0]
