"""The shapes of payment plans and policies, as the description of the API tells them."""

from typing import Any

_TEXT: dict[str, Any] = {"type": "string", "maxLength": 20_000}
_DAYS: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 36_500}
_DUE: dict[str, Any] = {
    "type": "object",
    "description": "Due with the deposit, so many days after the booking is confirmed, when a "
    "phase is completed, on a date, or before the handover.",
    "properties": {
        "rule": {"type": "string", "enum": ["deposit", "days", "phase", "date", "handover"]},
        "days": _DAYS,
        "phase": {"type": "string", "format": "uuid"},
        "date": {"type": "string", "format": "date"},
    },
}
PLAN: dict[str, Any] = {
    "type": "object",
    "description": "Lines of a payment plan, the deposit first. Each is a per cent of the price, "
    "an amount, or the balance; without a balance the per cents make 100. Empty: ten per cent "
    "down and the rest before the handover.",
    "properties": {
        "price": _TEXT,
        "currency": _TEXT,
        "lines": {
            "type": "array",
            "maxItems": 60,
            "items": {
                "type": "object",
                "properties": {
                    "label": _TEXT,
                    "percent": _TEXT,
                    "amount": _TEXT,
                    "balance": {"type": "boolean"},
                    "due": _DUE,
                },
            },
        },
    },
    "example": {
        "lines": [
            {"label": "Deposit", "percent": "10", "due": {"rule": "deposit"}},
            {"label": "60 days later", "percent": "20", "due": {"rule": "days", "days": 60}},
            {"label": "Handover", "balance": True, "due": {"rule": "handover"}},
        ]
    },
}
LATE_FEES: dict[str, Any] = {
    "type": "object",
    "description": "What being late costs after so many days of grace: per cent of the instalment "
    "or a fixed amount, once or every so many days, up to a limit. Empty: nothing.",
    "properties": {
        "grace_days": _DAYS,
        "kind": {"type": "string", "enum": ["percent", "fixed"]},
        "percent": _TEXT,
        "amount": _TEXT,
        "every_days": _DAYS,
        "cap_percent": _TEXT,
        "cap_amount": _TEXT,
    },
    "example": {
        "grace_days": 5,
        "kind": "percent",
        "percent": "1",
        "every_days": 30,
        "cap_percent": "5",
    },
}
CANCELLATION: dict[str, Any] = {
    "type": "object",
    "description": "How many per cent of the price, or of what was paid, are kept when a booking "
    "is cancelled at which stage. Empty: nothing.",
    "properties": {
        "of": {"type": "string", "enum": ["price", "paid"]},
        "keep": {
            "type": "array",
            "maxItems": 60,
            "items": {
                "type": "object",
                "properties": {
                    "stage": {"type": "string", "enum": ["confirmed", "contracted"]},
                    "percent": _TEXT,
                },
            },
        },
    },
    "example": {"of": "paid", "keep": [{"stage": "confirmed", "percent": "10"}]},
}
TERMS: dict[str, Any] = {
    "type": "object",
    "description": "The terms and policies of the development as they were agreed.",
    "properties": {
        "terms": _TEXT,
        "late_fee_policy": LATE_FEES,
        "cancellation_policy": CANCELLATION,
    },
}
