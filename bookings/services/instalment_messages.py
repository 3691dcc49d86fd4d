"""What people are told about instalments."""

from accounts.services.message_templates import register_templates

register_templates({})
