"""What people are told about sales."""

from accounts.services.message_templates import register_templates
from messaging.choices import NotificationCategory
from messaging.services.categories import register_categories

_WHAT = ("product", "reference", "amount")

register_templates(
    {
        "sale_paid": (*_WHAT, "receipt"),
        "product_sold": (*_WHAT, "payout"),
        "sale_money_returned": _WHAT,
        "sale_released": _WHAT,
        "sale_refunded": (*_WHAT, "refund"),
        "payout_waiting": (*_WHAT, "payout"),
        "handover_code_spent": _WHAT,
        "cash_marked": (*_WHAT, "until"),
        "cash_confirmed": _WHAT,
        "dispute_opened": (*_WHAT, "reason"),
        "dispute_decided": (*_WHAT, "outcome", "refund"),
    },
    words_of_people=["product"],
)
register_categories(
    {
        **dict.fromkeys(
            (
                "sale_paid",
                "sale_money_returned",
                "sale_released",
                "sale_refunded",
                "payout_waiting",
                "dispute_opened",
                "dispute_decided",
            ),
            NotificationCategory.MONEY,
        ),
        **dict.fromkeys(
            ("product_sold", "handover_code_spent", "cash_marked", "cash_confirmed"),
            NotificationCategory.MARKET,
        ),
    }
)
