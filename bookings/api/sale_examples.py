"""Sales as they stand in the examples of the API."""

from typing import Any

from bookings.api.offer_examples import BUYER, PRODUCT

BUY = {"product": PRODUCT}
PENDING: dict[str, Any] = {
    "reference": "SL-2026-000123",
    "product": {"id": PRODUCT, "title": "Walnut sideboard", "status": "reserved"},
    "offer": None,
    "origin": "checkout",
    "amount": "200.00",
    "currency": "AED",
    "platform_fee": "10.00",
    "seller_payout": "190.00",
    "feed_type": "discover",
    "status": "pending",
    "release_state": "none",
    "payment_method": "card",
    "payment": "0199c3a4-c2d6-7d9f-a0b1-8e9fa0b1c2d3",
    "stripe_payment_intent_id": "test_pi_0f3a",
    "stripe_charge_id": "",
    "stripe_transfer_id": "",
    "reserved_until": "2026-11-28T12:30:00Z",
    "ended_reason": "",
    "cash_marked_at": None,
    "completed_at": None,
    "auto_release_at": None,
    "handover_confirmed_at": None,
    "released_at": None,
    "dispute": None,
    "meeting_point": None,
}
HELD = {
    **PENDING,
    "product": {**PENDING["product"], "status": "sold"},
    "status": "completed",
    "release_state": "held",
    "stripe_charge_id": "test_ch_77b1",
    "completed_at": "2026-11-28T12:04:00Z",
    "auto_release_at": "2026-12-05T12:04:00Z",
    "meeting_point": {"lat": 25.0763, "lng": 55.1325, "note": "At gate 2, by the fountain."},
}
RELEASED = {
    **HELD,
    "release_state": "released",
    "handover_confirmed_at": "2026-11-29T17:30:00Z",
    "released_at": "2026-11-29T17:30:00Z",
}
CANCELLED = {**PENDING, "status": "failed", "ended_reason": "I have found another one."}
CASH = {
    **PENDING,
    "origin": "seller",
    "platform_fee": "0.00",
    "seller_payout": "200.00",
    "payment_method": "cash",
    "payment": None,
    "stripe_payment_intent_id": "",
    "cash_marked_at": "2026-11-28T18:00:00Z",
}
SOLD_FOR_CASH = {"buyer": BUYER, "amount": "180.00"}
CODE = {"code": "246810"}
ISSUED: dict[str, Any] = {
    "is_issued": True,
    "attempts_left": 5,
    "handover_confirmed_at": None,
    "code": "246810",
    "qr_svg": "data:image/svg+xml;charset=utf-8,%3Csvg…",
}
STANDING = {**ISSUED, "attempts_left": 4, "code": "", "qr_svg": ""}
REASON = {"reason": "One door does not close, and nobody said so."}
DISPUTED = {
    **HELD,
    "status": "disputed",
    "release_state": "frozen",
    "dispute": {
        "opened_at": "2026-11-29T18:00:00Z",
        "reason": REASON["reason"],
        "outcome": None,
        "refund_amount": None,
        "note": "",
        "decided_at": None,
    },
}
DECIDE = {"outcome": "split", "refund_amount": "60.00", "note": "The door can be mended."}
DECIDED = {
    **RELEASED,
    "handover_confirmed_at": None,
    "dispute": {
        **DISPUTED["dispute"],
        "outcome": "split",
        "refund_amount": "60.00",
        "note": DECIDE["note"],
        "decided_at": "2026-11-30T10:00:00Z",
    },
}
GIVE_BACK = {"reason": "goodwill", "note": "The door does not close."}
REFUND: dict[str, Any] = {
    "reference": "RF-2026-000018",
    "amount": "200.00",
    "currency": "AED",
    "platform_fee": "10.00",
    "reason": "goodwill",
    "note": GIVE_BACK["note"],
    "status": "approved",
    "needs_second_person": False,
    "failure_code": "",
}
ACCOUNT = {
    "gateway": "test",
    "is_test": True,
    "account": "test_acct_5f1e",
    "onboarding_url": "",
}
