"""What people are told about bookings and waiting lists."""

from accounts.services.message_templates import register_templates

register_templates({})
