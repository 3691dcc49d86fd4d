"""Examples of tickets and events for the description of the API."""

from typing import Any

TICKET: dict[str, Any] = {
    "ticket": "bJ3qf0xk9nQvW1t5m7Yc2LrD8sHaPzKeUo6TgXiV4wM",
    "expires_in": 30,
    "path": "/ws/",
}
EVENT: dict[str, Any] = {
    "id": 48211,
    "event": "booking.changed",
    "data": {"booking": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f", "status": "confirmed"},
    "at": "2026-11-28T12:00:00Z",
}
EVENTS: dict[str, Any] = {
    "position": "90113.1795867200",
    "more": False,
    "reset": False,
    "results": [EVENT],
}
