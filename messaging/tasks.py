"""What the app does in the background; each job calls one service."""

from config.shared.jobs import periodic
from messaging.services import live_events, tickets


@periodic("19 * * * *", name="messaging.delete_old_events", retries=3)
def delete_old_events() -> None:
    """Delete, every hour, live events that nobody may ask for any more, and used tickets."""
    live_events.delete_old_events()
    tickets.delete_old_tickets()
