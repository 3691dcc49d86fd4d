"""What people are told about appointments."""

from accounts.services.message_templates import register_templates

register_templates({})
