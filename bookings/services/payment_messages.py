"""What people are told about payments and refunds."""

from accounts.services.message_templates import register_templates

_WHAT = ("amount", "unit", "development", "reference")

register_templates(
    {
        "payment_received": (*_WHAT, "receipt"),
        "payment_failed": _WHAT,
        "payment_returned": (*_WHAT, "receipt"),
        "late_money_returned": _WHAT,
        "payment_announced": _WHAT,
        "refund_requested": _WHAT,
        "refund_paid": _WHAT,
        "refund_rejected": (*_WHAT, "reason"),
    },
    words_of_people=["development"],
)
