"""What the app does in the background; each job calls one service."""

from datetime import datetime
from uuid import UUID

from config.shared.jobs import job, periodic
from messaging.services import (
    deliveries,
    digests,
    live_events,
    message_notices,
    pushing,
    stream_notices,
    tickets,
)


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
def tell_of_messages(conversation_id: str, until: str) -> None:
    """Tell those of a conversation who have not read what was said up to a moment."""
    message_notices.tell_of_messages(
        conversation_id=UUID(conversation_id), until=datetime.fromisoformat(until)
    )


@periodic("*/10 * * * *", name="messaging.arrange_digests", retries=3)
def arrange_digests() -> None:
    """Have digests made whose morning has come, and deliveries told of that were lost sight of."""
    digests.arrange_digests()
    deliveries.settle_lost()


@job(name=digests.JOB)
def send_digest(user_id: str) -> None:
    """Send somebody what waited for their digest."""
    digests.send_digest(user_id=UUID(user_id))


@job(name="messaging.tell_of_stream_end", retries=8)
def tell_of_stream_end(stream_id: str) -> None:
    """Tell whoever gave a show that a moderator ended it, and why."""
    stream_notices.tell_of_end(stream_id=UUID(stream_id))


@job(name=deliveries.PUSH_JOB)
def send_push(delivery_id: str) -> None:
    """Tell a browser of a notification."""
    pushing.send_push(delivery_id=UUID(delivery_id))
