"""The back office's pages of messaging."""

from messaging.admin import (
    conversations,
    dashboard,
    deliveries,
    live,
    notifications,
    reports,
)

__all__ = [
    "conversations",
    "dashboard",
    "deliveries",
    "live",
    "notifications",
    "reports",
]
