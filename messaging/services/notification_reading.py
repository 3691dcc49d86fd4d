"""Notifications read, one by one or all, and how many are not."""

from collections import Counter
from typing import Any

from accounts.models import User
from config.shared.clock import database_now
from config.shared.retries import retry_transaction
from messaging.models import Notification

MOST_COUNTED = 1000


@retry_transaction
def mark_notification(*, notification: Notification, is_read: bool = True) -> None:
    """Note that a notification was read, or is to count as new again.

    The first time it was read stays.
    """
    rows = Notification.objects.filter(pk=notification.pk, read_at__isnull=is_read)
    rows.update(read_at=database_now() if is_read else None)


@retry_transaction
def mark_all(*, user: User) -> None:
    """Note that ``user`` has read everything that they were told so far."""
    waiting = Notification.objects.visible_to(user).unread()
    waiting.update(read_at=database_now())


def unread_of(*, user: User) -> dict[str, Any]:
    """How many notifications of ``user`` are not read, in all and by category."""
    waiting = Notification.objects.visible_to(user).unread().order_by()
    counts = Counter(waiting.values_list("category", flat=True)[:MOST_COUNTED])
    return {
        "count": counts.total(),
        "by_category": [
            {"category": category, "count": counts[category]} for category in sorted(counts)
        ],
    }
