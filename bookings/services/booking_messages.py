"""What people are told about bookings and waiting lists."""

from accounts.services.message_templates import register_templates

register_templates(
    {
        "hold_placed": ("unit", "development", "reference", "until"),
        "hold_expired": ("unit", "development", "reference"),
        "waitlist_offer": ("unit", "development", "until"),
        "waitlist_offer_lapsed": ("unit", "development"),
    },
    words_of_people=["development"],
)
