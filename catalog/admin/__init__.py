"""The back office's pages of the catalogue."""

from catalog.admin import (
    availability,
    construction,
    dashboard,
    homes,
    products,
    streams,
)

__all__ = [
    "availability",
    "construction",
    "dashboard",
    "homes",
    "products",
    "streams",
]
