"""Reviews as they stand in the examples of the API."""

from typing import Any

SALE = "0199c3a4-b1c5-7c8e-9fa0-7d8e9fa0b1c2"
WRITE = {"transaction": SALE, "rating": 5, "text": "As described, and on time."}
WRITTEN: dict[str, Any] = {
    "id": "0199c3a4-c2d6-7d9f-80b1-8e9fa0b1c2d3",
    "subject_organization": None,
    "kind": "sale",
    "transaction": SALE,
    "appointment": None,
    "rating": 5,
    "text": "As described, and on time.",
    "reply": "",
    "replied_at": None,
    "status": "published",
    "hidden_reason": "",
    "is_shown": False,
    "visible_from": "2026-12-12T12:00:00Z",
    "created_at": "2026-11-28T12:00:00Z",
    "updated_at": "2026-11-28T12:00:00Z",
}
SHOWN = {**WRITTEN, "is_shown": True, "visible_from": "2026-11-29T12:00:00Z"}
REPLY = {"text": "Thank you, enjoy it."}
REPLIED = {**SHOWN, "reply": REPLY["text"], "replied_at": "2026-11-30T12:00:00Z"}
RATING = {
    "average": "4.67",
    "count": 3,
    "stars": {"1": 0, "2": 0, "3": 0, "4": 1, "5": 2},
}
