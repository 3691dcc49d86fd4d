"""The back office's pages of messaging."""

from messaging.admin import (
    conversations,
    live,
    notifications,
    reports,
)

__all__ = [
    "conversations",
    "live",
    "notifications",
    "reports",
]
