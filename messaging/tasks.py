"""What the app does in the background; each job calls one service."""

from uuid import UUID

from config.shared.jobs import job, periodic
from messaging.services import live_events, message_notices, stream_notices, tickets


@periodic("19 * * * *", name="messaging.delete_old_events", retries=3)
def delete_old_events() -> None:
    """Delete, every hour, live events that nobody may ask for any more, and used tickets."""
    live_events.delete_old_events()
    tickets.delete_old_tickets()


@job(name="messaging.tell_of_stream", retries=8)
def tell_of_stream(stream_id: str) -> None:
    """Tell followers that somebody is live."""
    stream_notices.tell_of_stream(stream_id=UUID(stream_id))


@job(name=message_notices.JOB)
def tell_of_messages(conversation_id: str) -> None:
    """Tell those of a conversation who have not read what was said."""
    message_notices.tell_of_messages(conversation_id=UUID(conversation_id))
