"""What people are told about reviews."""

from accounts.services.message_templates import register_templates
from messaging.choices import NotificationCategory
from messaging.services.categories import register_categories

TEMPLATES = {
    "review_awaited": ("name", "days"),
    "review_received": ("name", "rating"),
    "review_replied": ("name",),
    "review_hidden": ("reason",),
}

register_templates(TEMPLATES)
register_categories(dict.fromkeys(TEMPLATES, NotificationCategory.COMMUNITY))
