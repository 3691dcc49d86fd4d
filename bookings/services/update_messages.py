"""What followers and buyers are told about the site."""

from accounts.services.message_templates import register_templates

register_templates(
    {"construction_update": ["development", "title", "percent"]},
    words_of_people=["development", "title"],
)
