"""Whose notifications somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from messaging.models import Notification


class NotificationQuerySet(VisibleQuerySet["Notification"]):
    """Notifications."""

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(user=user)
