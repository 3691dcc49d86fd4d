"""What products look like in the API's description."""

from typing import Any

NEW: dict[str, Any] = {
    "title": "Three-seat velvet sofa",
    "description": "Deep green velvet, two years old. The legs screw off, so it fits the lift.",
    "price": "1450.00",
    "original_price": "3900.00",
    "currency": "AED",
    "category": "furniture",
    "condition": "good",
    "feed_type": "community",
    "building": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "also_discover": True,
    "meeting_note": "Lobby, by the post boxes",
    "lat": 25.0787,
    "lng": 55.1403,
    "tags": {"lifestyle": ["cosy"], "urgency": "this week", "event": "moving out"},
    "min_offer": "1100.00",
    "auto_accept": "1400.00",
    "is_published": True,
}
CHANGED = {"price": "1390.00", "description": "Deep green velvet. The cushions are new."}
REMOVED = {"reason": "A copy that was offered as the original."}
LIKED = {"is_liked": True, "like_count": 12}
VIEWED = {"view_count": 87}
