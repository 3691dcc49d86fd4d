"""What messaging keeps about a person: what they were told."""

from typing import Any

from accounts.models import User
from accounts.services.personal_data import MOST_ROWS, all_facts
from config.shared.personal_data import collects, erases
from messaging.models import (
    Delivery,
    Notification,
    NotificationPreference,
    NotificationSchedule,
    PushSubscription,
)


@collects("messaging.notifications")
def notifications(person: User) -> list[dict[str, Any]]:
    """What they were told."""
    rows = Notification.objects.filter(user=person)[:MOST_ROWS]
    return all_facts(rows, without={"user", "dedupe_key"})


@collects("messaging.deliveries")
def deliveries(person: User) -> list[dict[str, Any]]:
    """On which channels that was, and what came of it."""
    rows = Delivery.objects.filter(notification__user=person)[:MOST_ROWS]
    return all_facts(rows)


@collects("messaging.notification_preferences")
def notification_preferences(person: User) -> dict[str, Any]:
    """How they want to be told."""
    chosen = NotificationPreference.objects.filter(user=person)
    schedule = NotificationSchedule.objects.filter(user=person)
    return {
        "channels": all_facts(chosen, without={"user"}),
        "schedule": all_facts(schedule, without={"user"}),
    }


@collects("messaging.push_subscriptions")
def push_subscriptions(person: User) -> list[dict[str, Any]]:
    """Browsers in which they take notifications; the keys are of use to the browser alone."""
    rows = PushSubscription.objects.filter(user=person)
    return all_facts(rows, without={"user", "p256dh", "auth", "endpoint_hash"})


@erases("messaging.notifications")
def forget_notifications(person: User) -> int:
    """Delete what they were told."""
    return Notification.objects.filter(user=person).delete()[0]


@erases("messaging.notification_preferences")
def forget_preferences(person: User) -> int:
    """Delete how they wanted to be told, and forget their browsers."""
    models = (NotificationPreference, NotificationSchedule, PushSubscription)
    return sum(model._default_manager.filter(user=person).delete()[0] for model in models)
