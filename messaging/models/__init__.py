"""The models of messaging. Code outside the app imports them from here."""

from messaging.models.conversations import Conversation, Message, Participant
from messaging.models.live import LiveEvent, RealtimeTicket
from messaging.models.notifications import (
    Delivery,
    Notification,
    NotificationPreference,
    NotificationSchedule,
    PushSubscription,
)
from messaging.models.reading import ReadMark
from messaging.models.reports import Report

__all__ = [
    "Conversation",
    "Delivery",
    "LiveEvent",
    "Message",
    "Notification",
    "NotificationPreference",
    "NotificationSchedule",
    "Participant",
    "PushSubscription",
    "ReadMark",
    "RealtimeTicket",
    "Report",
]
