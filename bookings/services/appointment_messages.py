"""What people are told about appointments."""

from accounts.services.message_templates import register_templates

_ALWAYS = ("person", "development", "place", "when")

register_templates(
    {
        "appointment_requested": _ALWAYS,
        "appointment_confirmed": _ALWAYS,
        "appointment_declined": (*_ALWAYS, "reason"),
        "appointment_cancelled": (*_ALWAYS, "reason"),
        "appointment_rescheduled": (*_ALWAYS, "before", "status"),
        "appointment_reminder": _ALWAYS,
    },
    words_of_people=["person", "development", "place"],
)
