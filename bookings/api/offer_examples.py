"""Offers as they stand in the examples of the API."""

from typing import Any

PRODUCT = "0199c3a4-6c70-7d3f-8a5b-2e3f4a5b6c7d"
SELLER = "0199c3a4-7d81-7e4a-9b6c-3f4a5b6c7d8e"
BUYER = "0199c3a4-8e92-7f5b-8c7d-4a5b6c7d8e9f"
OFFER = {"product": PRODUCT, "price": "150.00", "message": "I can come by this evening."}
COUNTER = {"price": "180.00", "message": "With the cushions.", "expires_in_hours": 48}
MADE: dict[str, Any] = {
    "id": "0199c3a4-9fa3-7a6c-9d8e-5b6c7d8e9fa0",
    "product": {"id": PRODUCT, "title": "Walnut sideboard", "price": "200.00", "currency": "AED"},
    "proposed_by": "buyer",
    "parent": None,
    "move_number": 1,
    "offered_price": "150.00",
    "original_price": "200.00",
    "counter_price": None,
    "currency": "AED",
    "status": "pending",
    "message": "I can come by this evening.",
    "expires_at": "2026-11-29T12:00:00Z",
    "responded_at": None,
    "decided_by_rule": None,
    "transaction": None,
    "created_at": "2026-11-28T12:00:00Z",
    "updated_at": "2026-11-28T12:00:00Z",
}
COUNTERED = {
    **MADE,
    "id": "0199c3a4-a0b4-7b7d-8e9f-6c7d8e9fa0b1",
    "proposed_by": "seller",
    "parent": MADE["id"],
    "move_number": 2,
    "offered_price": "180.00",
    "message": "With the cushions.",
}
ACCEPTED = {
    **MADE,
    "status": "accepted",
    "responded_at": "2026-11-28T13:00:00Z",
    "transaction": "0199c3a4-b1c5-7c8e-9fa0-7d8e9fa0b1c2",
}
DECLINED = {**MADE, "status": "declined", "responded_at": "2026-11-28T13:00:00Z"}
WITHDRAWN = {**MADE, "status": "withdrawn", "responded_at": "2026-11-28T13:00:00Z"}
RESERVE = {"buyer": BUYER, "price": "170.00"}
RESERVED = {
    "id": "0199c3a4-b1c5-7c8e-9fa0-7d8e9fa0b1c2",
    "reference": "SL-2026-000123",
    "amount": "170.00",
    "currency": "AED",
    "status": "pending",
    "reserved_until": "2026-11-29T12:00:00Z",
}
CANCEL = {"reason": "I have found another one."}
CANCELLED = {**RESERVED, "status": "failed", "ended_reason": CANCEL["reason"]}
