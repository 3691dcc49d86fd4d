"""Whose notifications somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from messaging.models import (
        Delivery,
        Notification,
        NotificationPreference,
        NotificationSchedule,
        PushSubscription,
    )


def _signed_in(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False))


class NotificationQuerySet(VisibleQuerySet["Notification"]):
    """Notifications."""

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """One's own, of those that stand in the list."""
        return self.filter(user=user, in_app=True) if _signed_in(user) else self.none()


class NotificationPreferenceQuerySet(VisibleQuerySet["NotificationPreference"]):
    """Preferences."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(user=user) if _signed_in(user) else self.none()


class NotificationScheduleQuerySet(VisibleQuerySet["NotificationSchedule"]):
    """Quiet hours and digests."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(user=user) if _signed_in(user) else self.none()


class PushSubscriptionQuerySet(VisibleQuerySet["PushSubscription"]):
    """Browsers that take notifications."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(user=user) if _signed_in(user) else self.none()


class DeliveryQuerySet(VisibleQuerySet["Delivery"]):
    """Deliveries; for staff alone."""
