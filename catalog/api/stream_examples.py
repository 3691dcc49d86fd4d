"""Examples of streams, for the documentation."""

from typing import Any

STREAM_ID = "0199c3a4-b1c6-7284-9fb0-738192a3b4c5"
PIN_ID = "0199c3a4-c2d7-7395-a0c1-8492a3b4c5d6"
PRODUCT_ID = "0199c3a4-d3e8-74a6-b1d2-95a3b4c5d6e7"
STREAM_INPUT: dict[str, Any] = {
    "title": "Everything from our old kitchen",
    "description": "Pots, chairs and the good coffee machine.",
    "category": "home_decor",
    "visibility": "public",
    "replay_visibility": "nobody",
    "scheduled_for": "2026-12-01T17:00:00Z",
}
STREAM: dict[str, Any] = {
    "id": STREAM_ID,
    **STREAM_INPUT,
    "user": {
        "id": "0199c3a4-8e93-7f51-ac7d-405e6f708192",
        "name": "Amina Rahman",
        "username": "amina.rahman",
        "avatar_url": None,
    },
    "status": "scheduled",
    "stream_type": "live",
    "uses_permanent_key": False,
    "building": None,
    "development": None,
    "rtmp_url": f"rtmp://live.courtyard.example/live/{STREAM_ID}",
    "key_hint": "",
    "hls_url": f"https://courtyard.example/hls/{STREAM_ID}/index.m3u8",
    "thumbnail_url": None,
    "recording": None,
    "product_tags": [],
    "has_picture": False,
    "viewer_count": 0,
    "total_views": 0,
    "duration_seconds": None,
    "started_at": None,
    "ended_at": None,
    "end_reason": "",
    "created_at": "2026-11-28T09:00:00Z",
    "updated_at": "2026-11-28T09:00:00Z",
}
LIVE = {
    **STREAM,
    "status": "live",
    "has_picture": True,
    "started_at": "2026-12-01T17:00:12Z",
    "viewer_count": 31,
    "total_views": 52,
    "key_hint": "Yw8Q",
    "product_tags": [{"listing": PRODUCT_ID, "x": 0.4, "y": 0.62, "at": 95}],
}
ENDED = {
    **LIVE,
    "status": "ended",
    "has_picture": False,
    "hls_url": None,
    "viewer_count": 0,
    "duration_seconds": 2710,
    "ended_at": "2026-12-01T17:45:22Z",
}
CANCELLED = {**STREAM, "status": "cancelled", "end_reason": "I am ill.", "hls_url": None}
STARTED = {**LIVE, "has_picture": False, "viewer_count": 0, "total_views": 0, "product_tags": []}
WENT_LIVE = {**STARTED, "stream_key": "qWc0pXkQnE9hZtJm5uVbS2aLr7dGyYw8"}
ROTATED = {**LIVE, "stream_key": "qWc0pXkQnE9hZtJm5uVbS2aLr7dGyYw8"}
PERMANENT: dict[str, Any] = {
    "rtmp_url": "rtmp://live.courtyard.example/live/0199c3a4-8e93-7f51-ac7d-405e6f708192",
    "key_hint": "Yw8Q",
    "rotated_at": "2026-11-28T09:00:00Z",
}
NEW_PERMANENT = {**PERMANENT, "stream_key": "qWc0pXkQnE9hZtJm5uVbS2aLr7dGyYw8"}
AUDIENCE = {"viewer_count": 31, "total_views": 52}
PIN_INPUT = {"product": PRODUCT_ID, "x": 0.4, "y": 0.62, "shown_at": 95}
PIN: dict[str, Any] = {
    "id": PIN_ID,
    "x": 0.4,
    "y": 0.62,
    "shown_at": 95,
    "order": 0,
    "product": {
        "id": PRODUCT_ID,
        "title": "Coffee machine",
        "price": "450.00",
        "currency": "AED",
        "status": "active",
        "is_available": True,
        "image_url": None,
    },
    "unit": None,
    "links": {"offer": "/api/v1/offers/", "buy": "/api/v1/transactions/"},
    "created_at": "2026-12-01T17:01:47Z",
}
QUESTION = {
    "call": "publish",
    "app": "live",
    "name": STREAM_ID,
    "addr": "203.0.113.7",
    "clientid": "17",
    "key": "qWc0pXkQnE9hZtJm5uVbS2aLr7dGyYw8",
}
LIVE_FIRST = {"next": None, "previous": None, "results": [LIVE, STREAM]}
PINS = {"count": 1, "count_is_capped": False, "next": None, "previous": None, "results": [PIN]}
