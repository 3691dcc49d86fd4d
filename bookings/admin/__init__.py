"""The back office's pages of bookings and payments."""

from bookings.admin import (
    appointments,
    badges,
    changes,
    dashboard,
    homes,
    instalments,
    ledger,
    payments,
    requests,
)

__all__ = [
    "appointments",
    "badges",
    "changes",
    "dashboard",
    "homes",
    "instalments",
    "ledger",
    "payments",
    "requests",
]
