"""The back office's pages of identity."""

from accounts.admin import (
    audit,
    badges,
    buildings,
    connections,
    credentials,
    dashboard,
    erasure,
    media,
    organizations,
    outbox,
    people,
    platform,
    settings,
    verifications,
)

__all__ = [
    "audit",
    "badges",
    "buildings",
    "connections",
    "credentials",
    "dashboard",
    "erasure",
    "media",
    "organizations",
    "outbox",
    "people",
    "platform",
    "settings",
    "verifications",
]
