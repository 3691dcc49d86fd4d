"""What people are told about change requests."""

from accounts.services.message_templates import register_templates

register_templates({})
