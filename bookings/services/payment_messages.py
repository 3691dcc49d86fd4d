"""What people are told about payments and refunds."""

from accounts.services.message_templates import register_templates

register_templates({})
