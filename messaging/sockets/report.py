"""What the health report says of live events."""

import time
from typing import Any

from config.shared.health import DEGRADED, OK
from messaging.services.carrier import carried_by
from messaging.sockets.office import present_office


def look_at_realtime() -> tuple[str, dict[str, Any]]:
    """Whether this process hears what happens; one that has had no socket need not."""
    office = present_office()
    if office is None:
        return OK, {"carried_by": carried_by(), "sockets": 0}
    hub = office.hub
    age = None if hub.settled is None else max(0, round(time.time() - hub.settled.seconds))
    return OK if office.source.is_listening else DEGRADED, {
        "carried_by": carried_by(),
        "sockets": len(hub.mailboxes()),
        "settled_seconds_ago": age,
    }
