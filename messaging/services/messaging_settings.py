"""The settings of conversations and notifications."""

from accounts.choices import SettingType
from accounts.services.setting_types import Setting, declare


def _number(key: str, default: int, at_least: int, at_most: int, description: str) -> Setting:
    return Setting(
        key=key,
        value_type=SettingType.INTEGER,
        default=default,
        at_least=at_least,
        at_most=at_most,
        description=description,
    )


MESSAGING_SETTINGS = (
    _number("messages_per_minute", 20, 1, 1000, "How many messages one person may send a minute."),
    _number(
        "conversations_per_hour", 5, 1, 1000, "How many conversations one person may open an hour."
    ),
    _number(
        "message_edit_minutes", 15, 0, 10_080, "For how many minutes a message may be changed."
    ),
    _number(
        "message_notice_seconds",
        60,
        0,
        86_400,
        "After how many seconds people are told of a message that they have not read.",
    ),
    _number("reports_per_day", 20, 1, 1000, "How many reports one person may make in a day."),
    _number(
        "live_event_days", 7, 1, 90, "For how many days clients may catch up with what happened."
    ),
)

declare(MESSAGING_SETTINGS)
