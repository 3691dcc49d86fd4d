"""The models of messaging. Code outside the app imports them from here."""

from messaging.models.notifications import Notification

__all__ = ["Notification"]
