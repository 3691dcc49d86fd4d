"""What people are told about offers and reservations."""

from accounts.services.message_templates import register_templates
from messaging.choices import NotificationCategory
from messaging.services.categories import register_categories

TEMPLATES = {
    "product_reserved": ("product", "reference", "amount", "until"),
    "reservation_lapsed": ("product", "reference"),
    "reservation_cancelled": ("product", "reference", "reason"),
    "offer_received": ("product", "amount", "until"),
    "offer_countered": ("product", "amount", "until"),
    "offer_accepted": ("product", "amount", "until"),
    "offer_declined": ("product", "amount"),
    "offer_withdrawn": ("product", "amount"),
    "offer_expired": ("product", "amount"),
    "offer_ended": ("product", "amount"),
    "product_removed": ("product", "reason"),
}

register_templates(TEMPLATES, words_of_people=["product", "reason"])
register_categories(dict.fromkeys(TEMPLATES, NotificationCategory.MARKET))
