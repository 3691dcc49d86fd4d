"""The back office's pages of bookings and payments."""

from bookings.admin import (
    appointments,
    badges,
    changes,
    dashboard,
    homes,
    instalments,
    ledger,
    offers,
    payments,
    requests,
    reviews,
    sale_panels,
    sales,
)

__all__ = [
    "appointments",
    "badges",
    "changes",
    "dashboard",
    "homes",
    "instalments",
    "ledger",
    "offers",
    "payments",
    "requests",
    "reviews",
    "sale_panels",
    "sales",
]
