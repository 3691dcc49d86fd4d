"""What messaging keeps about a person: what they were told."""

from typing import Any

from accounts.models import User
from accounts.services.personal_data import MOST_ROWS, all_facts
from config.shared.personal_data import collects, erases
from messaging.models import Notification


@collects("messaging.notifications")
def notifications(person: User) -> list[dict[str, Any]]:
    """What they were told."""
    rows = Notification.objects.filter(user=person)[:MOST_ROWS]
    return all_facts(rows, without={"user", "dedupe_key"})


@erases("messaging.notifications")
def forget_notifications(person: User) -> int:
    """Delete what they were told."""
    return Notification.objects.filter(user=person).delete()[0]
