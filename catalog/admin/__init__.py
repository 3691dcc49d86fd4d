"""The back office's pages of the catalogue."""

from catalog.admin import (
    availability,
    construction,
    homes,
    products,
    streams,
)

__all__ = [
    "availability",
    "construction",
    "homes",
    "products",
    "streams",
]
