"""The settings of products and streams."""

from accounts.choices import SettingType
from accounts.services.setting_types import Setting, declare

MARKET_SETTINGS = (
    Setting(
        key="first_look_hours",
        value_type=SettingType.INTEGER,
        default=24,
        at_least=0,
        at_most=720,
        is_public=True,
        description="For how many hours neighbours alone see what is offered to others as well.",
    ),
    Setting(
        key="stream_silence_seconds",
        value_type=SettingType.INTEGER,
        default=60,
        at_least=10,
        at_most=3600,
        description="After how many seconds without a picture a live stream has ended.",
    ),
    Setting(
        key="stream_start_seconds",
        value_type=SettingType.INTEGER,
        default=900,
        at_least=60,
        at_most=7200,
        description="For how many seconds a stream that went live waits for its first picture.",
    ),
    Setting(
        key="playback_minutes",
        value_type=SettingType.INTEGER,
        default=240,
        at_least=5,
        at_most=1440,
        description="For how many minutes one viewer's address of a private stream works.",
    ),
    Setting(
        key="viewer_presence_seconds",
        value_type=SettingType.INTEGER,
        default=45,
        at_least=10,
        at_most=600,
        description="For how many seconds after a heartbeat somebody counts as a viewer.",
    ),
    Setting(
        key="products_per_day",
        value_type=SettingType.INTEGER,
        default=50,
        at_least=1,
        at_most=10_000,
        description="How many products one person may begin to sell in a day.",
    ),
)

declare(MARKET_SETTINGS)
