"""What followers are told of shows."""

from accounts.services.message_templates import register_templates
from messaging.choices import NotificationCategory
from messaging.services.categories import register_categories

register_templates({"stream_live": ["name", "title"]}, words_of_people=["name", "title"])
register_categories({"stream_live": NotificationCategory.MARKET})
