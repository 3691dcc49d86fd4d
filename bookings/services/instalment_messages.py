"""What people are told about instalments."""

from accounts.services.message_templates import register_templates

_THING = ("label", "booking", "development")

register_templates(
    {
        "instalment_due": (*_THING, "amount", "due_date", "evidence", "fee", "fee_from"),
        "instalment_reminder": (*_THING, "amount", "due_date", "days"),
        "instalment_overdue": (*_THING, "amount", "due_date"),
        "instalment_waived": (*_THING, "amount"),
        "instalment_paused": (*_THING, "reason"),
        "late_fee_announced": (*_THING, "amount", "fee", "fee_from"),
        "late_fee_charged": (*_THING, "amount", "fee"),
        "objection_made": (*_THING, "name", "reason"),
        "objection_answered": (*_THING, "outcome", "reason"),
        "waiver_asked": (*_THING, "amount", "name", "reason"),
        "plan_paid": ("booking", "development", "amount"),
    },
    words_of_people=["label", "development", "evidence"],
)
