"""The settings of offers, sales and reviews."""

from decimal import Decimal

from accounts.choices import SettingType
from accounts.services.setting_types import Setting, declare


def _number(key: str, default: int, at_least: int, at_most: int, description: str) -> Setting:
    return Setting(
        key=key,
        value_type=SettingType.INTEGER,
        default=default,
        at_least=at_least,
        at_most=at_most,
        is_public=True,
        description=description,
    )


def _percent(key: str, default: str, description: str) -> Setting:
    return Setting(
        key=key,
        value_type=SettingType.DECIMAL,
        default=default,
        at_least=Decimal(0),
        at_most=Decimal(50),
        is_public=True,
        description=description,
    )


MARKET_SETTINGS = (
    _number("offer_hours", 24, 1, 720, "For how many hours an offer waits for an answer."),
    _number(
        "offers_per_day",
        5,
        1,
        100,
        "How often a day one person may begin to bargain about one product.",
    ),
    _number("reservation_hours", 24, 1, 720, "For how many hours a product is kept for its buyer."),
    _number(
        "sale_checkout_minutes", 30, 5, 1440, "For how many minutes whoever buys at once may pay."
    ),
    _number(
        "auto_release_days",
        7,
        1,
        60,
        "How many days after payment held money is released without a word from anybody.",
    ),
    _number("review_days", 14, 1, 90, "After how many days a review is shown by itself."),
    _percent(
        "discover_fee_percent", "5", "The fee on sales through discover, in per cent of the price."
    ),
    _percent("community_fee_percent", "0", "The fee on sales between neighbours, in per cent."),
    Setting(
        key="hold_sales",
        value_type=SettingType.BOOLEAN,
        default=True,
        is_public=True,
        description="Whether the money of a sale is held until the handover.",
    ),
)

declare(MARKET_SETTINGS)
