"""The settings of homes, bookings and payments."""

from decimal import Decimal

from accounts.choices import SettingType
from accounts.services.setting_types import Setting, declare


def _number(
    key: str, default: int, at_least: int, at_most: int, description: str, *, public: bool = False
) -> Setting:
    return Setting(
        key=key,
        value_type=SettingType.INTEGER,
        default=default,
        at_least=at_least,
        at_most=at_most,
        description=description,
        is_public=public,
    )


HOMES_SETTINGS = (
    _number(
        "max_holds_per_user",
        2,
        1,
        100,
        "How many units of a development one person may hold, where the development says nothing.",
        public=True,
    ),
    _number(
        "hold_extension_minutes", 15, 1, 1440, "By how many minutes a hold is extended at a time."
    ),
    _number(
        "hold_extension_limit_minutes",
        30,
        0,
        10_080,
        "By how many minutes a hold may be extended in all.",
    ),
    _number("deposit_minutes", 1440, 5, 43_200, "How many minutes a deposit may take to arrive."),
    _number(
        "outage_extension_minutes",
        15,
        0,
        1440,
        "By how many minutes a payment's time is extended when the gateway cannot be reached.",
    ),
    _number(
        "waitlist_offer_hours",
        24,
        1,
        720,
        "For how many hours a unit that became free is offered to the first who waits.",
        public=True,
    ),
    _number("waitlist_limit", 50, 1, 1000, "How many people may wait for one unit."),
    _number(
        "appointment_reminder_hours",
        24,
        1,
        168,
        "How many hours before an appointment both are reminded of it.",
    ),
    _number("change_quote_days", 14, 1, 365, "For how many days a quote holds unless it says."),
    _number("change_payment_days", 14, 0, 365, "How many days after its approval a change is due."),
    Setting(
        key="homes_fee_percent",
        value_type=SettingType.DECIMAL,
        default="0",
        at_least=Decimal(0),
        at_most=Decimal(50),
        is_public=True,
        description="The platform's fee on payments for homes, in per cent; the builder bears it.",
    ),
    Setting(
        key="second_person_above",
        value_type=SettingType.DECIMAL,
        default="10000",
        at_least=Decimal(0),
        at_most=Decimal(10) ** 10,
        description="Refunds above this amount, in their own currency, need a second person.",
    ),
)

declare(HOMES_SETTINGS)
