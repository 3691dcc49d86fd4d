"""The back office's pages of messaging."""

from messaging.admin import (
    conversations,
    dashboard,
    live,
    notifications,
    reports,
)

__all__ = [
    "conversations",
    "dashboard",
    "live",
    "notifications",
    "reports",
]
