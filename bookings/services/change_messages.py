"""What people are told about change requests."""

from accounts.services.message_templates import register_templates

_ALWAYS = ("reference", "unit", "development")

register_templates(
    {
        "change_submitted": _ALWAYS,
        "change_quoted": (*_ALWAYS, "amount", "days", "until"),
        "change_rejected": (*_ALWAYS, "reason"),
        "change_approved": _ALWAYS,
        "change_started": _ALWAYS,
        "change_completed": _ALWAYS,
    },
    words_of_people=["development"],
)
