"""What followers, and those who give shows, are told of them."""

from accounts.services.message_templates import register_templates
from messaging.choices import NotificationCategory
from messaging.services.categories import register_categories

register_templates(
    {"stream_live": ["name", "title"], "stream_ended": ["title", "reason"]},
    words_of_people=["name", "title", "reason"],
)
register_categories(dict.fromkeys(["stream_live", "stream_ended"], NotificationCategory.MARKET))
