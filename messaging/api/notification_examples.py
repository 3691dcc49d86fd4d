"""Examples of notifications and preferences for the description of the API."""

from typing import Any

NOTIFICATION: dict[str, Any] = {
    "id": "0199c3a4-5b60-7c2e-9f4a-2d2b3c4d5e6f",
    "type": "new_message",
    "category": "messages",
    "priority": "normal",
    "title": "New messages from Aisha Khan",
    "body": "Aisha Khan has written to you.",
    "data": {"name": "Aisha Khan"},
    "link": "/api/v1/conversations/0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f/",
    "is_read": False,
    "read_at": None,
    "created_at": "2026-11-28T12:04:00Z",
}
READ = {"is_read": True}
HAS_READ = {**NOTIFICATION, "is_read": True, "read_at": "2026-11-28T12:30:00Z"}
NOTHING_UNREAD: dict[str, Any] = {"count": 0, "by_category": []}
UNREAD = {
    "count": 3,
    "by_category": [{"category": "market", "count": 1}, {"category": "messages", "count": 2}],
}
CHOICES: dict[str, Any] = {
    "categories": [{"category": "market", "channels": ["in_app", "push"]}],
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "digest": "daily",
}


def _choice(category: str, *channels: str, **more: bool) -> dict[str, Any]:
    return {
        "category": category,
        "channels": list(channels),
        "is_default": True,
        "is_fixed": False,
        **more,
    }


PREFERENCES: dict[str, Any] = {
    **CHOICES,
    "categories": [
        _choice("security", "email", "in_app", "push", "sms", is_fixed=True),
        _choice("messages", "email", "in_app", "push"),
        _choice("market", "in_app", "push", is_default=False),
        _choice("homes", "email", "in_app", "push"),
        _choice("money", "email", "in_app", "push"),
        _choice("appointments", "email", "in_app", "push"),
        _choice("community", "email", "in_app", "push"),
    ],
    "time_zone": "Asia/Dubai",
}
_POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
PUSH_KEY = {"key": _POINT}
SUBSCRIBE = {
    "endpoint": "https://push.example.com/send/dGhpcyBpcyBhIGJyb3dzZXI",
    "keys": {
        "p256dh": _POINT,
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
    "device": "Firefox on Windows",
}
BROWSER: dict[str, Any] = {
    "id": "0199c3a4-5b60-7c2e-9f4a-3d2b3c4d5e6f",
    "device": "Firefox on Windows",
    "last_used_at": None,
    "created_at": "2026-11-28T12:00:00Z",
    "updated_at": "2026-11-28T12:00:00Z",
}
