"""What people are told about contracts, cancellations, transfers and handovers."""

from accounts.services.message_templates import register_templates

_HOME = ("reference", "unit", "development")

register_templates(
    {
        "contract_signed": _HOME,
        "cancellation_asked": (*_HOME, "status", "kept", "refund"),
        "cancellation_decided": (*_HOME, "status", "refund", "reason"),
        "transfer_asked": _HOME,
        "transfer_accepted": _HOME,
        "transfer_decided": (*_HOME, "status", "reason"),
        "handover_signed": (*_HOME, "side"),
        "handover_completed": (*_HOME, "building"),
        "resident_joined": ("unit", "building"),
    },
    words_of_people=["development"],
)
