"""Examples of payments and refunds for the description of the API."""

from typing import Any

INSTALMENT = "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"
PAY = {"instalment": INSTALMENT, "client_key": "deposit-1"}
PAYMENT: dict[str, Any] = {
    "reference": "PY-2026-000123",
    "purpose": "deposit",
    "status": "pending",
    "gateway": "test",
    "is_test": True,
    "payment_method": "card",
    "amount": "185000.00",
    "currency": "AED",
    "platform_fee": "0.00",
    "refunded_amount": "0.00",
    "receipt_no": "",
    "failure_code": "",
    "offline_reference": "",
    "booking": {"reference": "BK-2026-000123", "unit": "B-1204"},
    "instalment": {"label": "Deposit", "kind": "deposit", "order": 1},
}
COMPLETED = {
    **PAYMENT,
    "status": "completed",
    "receipt_no": "RC-2026-000123",
    "completed_at": "2026-11-28T12:00:00Z",
}
FAILED = {**PAYMENT, "status": "failed", "failure_code": "card_declined"}
SECRET = {
    "gateway": "test",
    "is_test": True,
    "publishable_key": "",
    "client_secret": "test_pi_0f3a_secret_9c1b",
}
TRANSFER = {**PAYMENT, "gateway": "offline", "is_test": False, "payment_method": "bank_transfer"}
CONFIRMATION = {"reference": "TRF-4711"}
CONFIRMED = {**TRANSFER, **COMPLETED, "gateway": "offline", "offline_reference": "TRF-4711"}
NOT_RECEIVED = {"reason": "Nothing has come for ten days."}
FEES = {"amount": "185000.00", "currency": "AED", "purpose": "deposit"}
FEES_ANSWER = {
    **FEES,
    "feed_type": None,
    "percent": "2.00",
    "platform_fee": "3700.00",
    "payee_gets": "181300.00",
    "seller_payout": "181300.00",
}
GIVE_BACK = {"amount": "5000.00", "reason": "goodwill", "note": "For the delay of the kitchen."}
REFUND: dict[str, Any] = {
    "reference": "RF-2026-000017",
    "amount": "5000.00",
    "currency": "AED",
    "platform_fee": "0.00",
    "reason": "goodwill",
    "note": "For the delay of the kitchen.",
    "status": "approved",
    "needs_second_person": False,
    "failure_code": "",
}
WAITING = {**REFUND, "amount": "50000.00", "status": "requested", "needs_second_person": True}
APPROVED = {**WAITING, "status": "approved"}
REJECTION = {"reason": "The kitchen was handed over in time."}
REJECTED = {**WAITING, "status": "rejected"}
EVENT = {"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": {"id": "pi_1"}}}
