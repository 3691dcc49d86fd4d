"""The settings of identity, and the ones that the whole site shares."""

from typing import Any

from accounts.choices import SettingType
from accounts.services.setting_types import Setting, declare
from config.shared.money import EXPONENTS

MEGABYTE = 1024 * 1024
MOST_WORDS = 250


def countries(value: Any) -> str:
    """What is wrong with a list of country codes (ISO 3166-1 alpha-2)."""
    from phonenumbers import SUPPORTED_REGIONS

    if not _words(value):
        return "A list of country codes such as AE and IN."
    unknown = sorted(set(value) - set(SUPPORTED_REGIONS))
    return f"Not a country that has phone numbers: {', '.join(unknown)}." if unknown else ""


def group_names(value: Any) -> str:
    """What is wrong with a list of names of groups of staff."""
    from django.contrib.auth.models import Group

    if not _words(value):
        return "A list of names of groups."
    if not value:
        return ""
    known = set(Group.objects.filter(name__in=value).values_list("name", flat=True))
    unknown = sorted(set(value) - known)
    return f"No group of staff is called {', '.join(unknown)}." if unknown else ""


def _words(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_WORDS
        and all(isinstance(word, str) and 0 < len(word) <= 150 for word in value)
    )


IDENTITY_SETTINGS = (
    Setting(
        key="default_currency",
        value_type=SettingType.STRING,
        environment="DEFAULT_CURRENCY",
        choices=tuple(sorted(EXPONENTS)),
        is_public=True,
        description="The currency (ISO 4217) of amounts that name none.",
    ),
    Setting(
        key="phone_countries",
        value_type=SettingType.JSON,
        environment="SMS_COUNTRIES",
        check=countries,
        is_public=True,
        description="Countries (ISO 3166) that codes are sent to by SMS; an empty list means all.",
    ),
    Setting(
        key="code_seconds",
        value_type=SettingType.INTEGER,
        environment="CODE_SECONDS",
        at_least=60,
        at_most=600,
        is_public=True,
        description="How long a one-time code counts, in seconds.",
    ),
    Setting(
        key="code_sends_per_hour",
        value_type=SettingType.INTEGER,
        environment="CODE_SENDS_PER_HOUR",
        at_least=1,
        at_most=20,
        description="How many codes one phone number or e-mail address gets in an hour.",
    ),
    Setting(
        key="code_sends_per_day",
        value_type=SettingType.INTEGER,
        environment="CODE_SENDS_PER_DAY",
        at_least=1,
        at_most=100,
        description="How many codes one phone number or e-mail address gets in a day.",
    ),
    Setting(
        key="code_sends_per_site_per_day",
        value_type=SettingType.INTEGER,
        environment="CODE_SENDS_PER_SITE_PER_DAY",
        at_least=1,
        at_most=10_000_000,
        description="How many codes the whole site sends in a day: the ceiling of what it costs.",
    ),
    Setting(
        key="verification_purge_days",
        value_type=SettingType.INTEGER,
        environment="VERIFICATION_PURGE_DAYS",
        at_least=1,
        at_most=3650,
        description="Days from a decision on identity papers until their images are deleted.",
    ),
    Setting(
        key="verification_attempts",
        value_type=SettingType.INTEGER,
        default=5,
        at_least=1,
        at_most=50,
        description="How often a person may hand in identity papers before support has to help.",
    ),
    Setting(
        key="staff_totp_required_groups",
        value_type=SettingType.JSON,
        default=[],
        check=group_names,
        description="Groups whose members need a second factor to enter the back office.",
    ),
    Setting(
        key="media_bytes_per_person",
        value_type=SettingType.INTEGER,
        default=2000 * MEGABYTE,
        at_least=MEGABYTE,
        at_most=10**13,
        description="How many bytes of files one person may keep.",
    ),
    Setting(
        key="media_files_per_day",
        value_type=SettingType.INTEGER,
        default=200,
        at_least=1,
        at_most=100_000,
        description="How many files one person may upload in a day.",
    ),
    Setting(
        key="public_cell_note",
        value_type=SettingType.STRING,
        default="Shown to the nearest kilometre, so that nobody's door can be found.",
        at_most=300,
        is_public=True,
        description="The sentence beside a map on which people and things stand only roughly.",
    ),
    Setting(
        key="erasure_grace_days",
        value_type=SettingType.INTEGER,
        default=14,
        at_least=0,
        at_most=30,
        is_public=True,
        description="Days from asking to be erased until it is done; 0 erases at once.",
    ),
    Setting(
        key="export_link_hours",
        value_type=SettingType.INTEGER,
        default=48,
        at_least=1,
        at_most=720,
        is_public=True,
        description="Hours for which a person can fetch the archive of their data.",
    ),
)

declare(IDENTITY_SETTINGS)
