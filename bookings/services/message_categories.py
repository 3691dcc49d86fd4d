"""What the notices of homes are about, so that people can choose channels for them."""

from messaging.choices import NotificationCategory
from messaging.services.categories import register_categories

_HOMES = (
    "hold_placed",
    "hold_expired",
    "waitlist_offer",
    "waitlist_offer_lapsed",
    "change_submitted",
    "change_quoted",
    "change_rejected",
    "change_approved",
    "change_started",
    "change_completed",
    "construction_update",
    "contract_signed",
    "cancellation_asked",
    "cancellation_decided",
    "transfer_asked",
    "transfer_accepted",
    "transfer_decided",
    "handover_signed",
    "handover_completed",
)
_MONEY = (
    "instalment_due",
    "instalment_reminder",
    "instalment_overdue",
    "instalment_waived",
    "instalment_paused",
    "late_fee_announced",
    "late_fee_charged",
    "objection_made",
    "objection_answered",
    "waiver_asked",
    "plan_paid",
    "payment_received",
    "payment_failed",
    "payment_returned",
    "late_money_returned",
    "payment_announced",
    "refund_requested",
    "refund_paid",
    "refund_rejected",
)
_APPOINTMENTS = (
    "appointment_requested",
    "appointment_confirmed",
    "appointment_declined",
    "appointment_cancelled",
    "appointment_rescheduled",
    "appointment_reminder",
)

register_categories(dict.fromkeys(_HOMES, NotificationCategory.HOMES))
register_categories(dict.fromkeys(_MONEY, NotificationCategory.MONEY))
register_categories(dict.fromkeys(_APPOINTMENTS, NotificationCategory.APPOINTMENTS))
register_categories({"resident_joined": NotificationCategory.COMMUNITY})
