"""Examples of conversations and messages for the description of the API."""

from typing import Any

CONVERSATION_ID = "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"
PRODUCT_ID = "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e70"
AISHA = {
    "id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e71",
    "name": "Aisha Khan",
    "username": "aisha.khan",
    "avatar_url": None,
}
MESSAGE: dict[str, Any] = {
    "id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e72",
    "conversation": CONVERSATION_ID,
    "seq": 4,
    "sender": AISHA,
    "message_type": "text",
    "content": "Is the sideboard still there? I could come by tonight.",
    "images": [],
    "image_urls": [],
    "offer": None,
    "offer_data": {},
    "client_id": "",
    "flags": [],
    "code": "",
    "is_read": True,
    "read_at": "2026-11-28T12:04:10Z",
    "edited_at": None,
    "deleted_at": None,
    "created_at": "2026-11-28T12:03:00Z",
    "updated_at": "2026-11-28T12:03:00Z",
}
SEND = {"content": MESSAGE["content"], "client_id": "b8a1-17"}
SENT = {**MESSAGE, "client_id": "b8a1-17", "is_read": False, "read_at": None}
EDIT = {"content": "Is the sideboard still there? I could come by at eight."}
EDITED = {**SENT, **EDIT, "edited_at": "2026-11-28T12:05:00Z"}
CONVERSATION: dict[str, Any] = {
    "id": CONVERSATION_ID,
    "kind": "product",
    "product": {
        "id": PRODUCT_ID,
        "title": "Walnut sideboard",
        "price": "850.00",
        "currency": "AED",
        "status": "active",
        "image_url": None,
    },
    "subject_type": "",
    "subject": None,
    "people": [{"user": AISHA, "role": "buyer"}],
    "buyer": AISHA["id"],
    "seller": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e73",
    "last_message": MESSAGE,
    "last_message_at": "2026-11-28T12:03:00Z",
    "last_seq": 4,
    "last_read_seq": 3,
    "unread_count": 1,
    "is_archived": False,
    "muted_until": None,
    "unread_count_buyer": 0,
    "unread_count_seller": 1,
    "is_archived_buyer": False,
    "is_archived_seller": False,
    "is_closed": False,
    "created_at": "2026-11-28T11:58:00Z",
    "updated_at": "2026-11-28T12:03:00Z",
}
OPEN = {"kind": "product", "product": PRODUCT_ID}
READ = {"seq": 4}
HAS_READ = {**CONVERSATION, "last_read_seq": 4, "unread_count": 0, "unread_count_seller": 0}
MUTE = {"hours": 8}
MUTED = {**CONVERSATION, "muted_until": "2026-11-28T20:03:00Z"}
ARCHIVED = {**CONVERSATION, "is_archived": True, "is_archived_seller": True}
UNREAD = {"conversations": 2, "messages": 5}
