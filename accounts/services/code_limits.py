"""How many codes are sent: to one contact, from one network, to one range of numbers, in all.

What one contact has been sent is counted from the codes themselves, in sliding windows and under
a lock, so it is exact. The budgets are counters of the credentials database. All of them count
known and unknown contacts alike.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import phonenumbers
from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import Now

from accounts.choices import MessageChannel
from accounts.credentials.models import OneTimeCode
from accounts.exceptions import CodesStoppedError, CountryNotServedError
from accounts.services import failures
from accounts.services.identifiers import Contact
from accounts.services.settings import get_setting
from config.shared import limits, metrics
from config.shared.clock import database_now
from config.shared.errors import TooManyRequestsError

CREDENTIALS: Final = "credentials"
HOUR = 3600
DAY = 24 * HOUR
PREFIX_CUT = 4
# Fewer codes than this in the last hour say nothing about how many come back.
SAMPLE = 50
LOWEST_RATE = 0.2


def refuse_unserved(contact: Contact) -> None:
    """Raise ``CountryNotServedError`` for a number of a country that is not on the list."""
    served = get_setting("phone_countries")
    if not contact.is_phone or not served:
        return
    region = phonenumbers.region_code_for_number(phonenumbers.parse(contact.value))
    if region not in served:
        raise CountryNotServedError.at(
            "/phone_number", CountryNotServedError.code, "We send no messages to this country."
        )


def refuse_stopped(contact: Contact) -> None:
    """Raise ``CodesStoppedError`` once 100 wrong codes in a row were tried for this contact."""
    count, _ = failures.state(failures_key(contact.mac))
    if count >= settings.CODE_FAILURES_UNTIL_STOP:
        raise CodesStoppedError(retry_after=DAY)


def refuse_hurried(contact: Contact) -> datetime:
    """Raise ``TooManyRequestsError`` if this contact was sent enough; returns the present time."""
    now = database_now(CREDENTIALS)
    if wait := _wait(_sent_to(contact, now), now):
        metrics.count("codes", "limited")
        raise TooManyRequestsError("A code was sent a short while ago.", retry_after=wait)
    return now


def resend_after(contact: Contact, now: datetime) -> int:
    """In how many seconds this contact may be sent the next code."""
    return _wait(_sent_to(contact, now), now)


def take_budgets(contact: Contact, *, ip_prefix: str) -> None:
    """Count one code against the network, the range of numbers and the whole site.

    Raises ``TooManyRequestsError`` when one of them is used up.
    """
    budgets = [(f"code_site:{contact.channel}", get_setting("code_sends_per_site_per_day"), DAY)]
    if contact.is_phone:
        prefix = contact.value[:-PREFIX_CUT]
        budgets.insert(0, (f"code_range:{prefix}", settings.CODE_SENDS_PER_PREFIX_PER_HOUR, HOUR))
    if ip_prefix:
        limit = settings.CODE_SENDS_PER_ADDRESS_PER_HOUR
        budgets.insert(0, (f"code_network:{ip_prefix}", limit, HOUR))
    for key, limit, seconds in budgets:
        try:
            limits.enforce(key, limit=limit, window_seconds=seconds, using=CREDENTIALS)
        except TooManyRequestsError:
            metrics.count("codes", "over_budget")
            raise


def codes_do_not_return() -> bool:
    """Whether so few SMS codes of the last hour came back that somebody is pumping messages.

    Codes that were replaced or never sent do not count, nor those that may still come back.
    """
    hour, settled = timedelta(seconds=HOUR), timedelta(seconds=get_setting("code_seconds"))
    sample = OneTimeCode.objects.filter(
        channel=MessageChannel.SMS,
        user_id__isnull=False,
        superseded_at__isnull=True,
        created_at__gt=Now() - hour,
        created_at__lt=Now() - settled,
    ).aggregate(sent=Count("pk"), returned=Count("pk", filter=Q(is_verified=True)))
    return sample["sent"] >= SAMPLE and sample["returned"] < LOWEST_RATE * sample["sent"]


def count_failure(mac: str) -> None:
    """Count an attempt as failed until it turns out right.

    Raises ``TooManyRequestsError`` after ten wrong codes in a day, ``CodesStoppedError`` after a
    hundred in a row, however many codes they were tried on.
    """
    limits.enforce(
        f"code_failures:{mac}",
        limit=settings.CODE_FAILURES_PER_DAY,
        window_seconds=DAY,
        using=CREDENTIALS,
    )
    if not failures.count(failures_key(mac), stop=settings.CODE_FAILURES_UNTIL_STOP):
        raise CodesStoppedError(retry_after=DAY)


def forget_failures(*macs: str) -> None:
    """Begin to count anew: the owner has proved themselves, by this contact or another."""
    for mac in macs:
        limits.forget(f"code_failures:{mac}", using=CREDENTIALS)
    failures.forget(*map(failures_key, macs))


def failures_key(mac: str) -> str:
    """The counter of wrong codes in a row for one contact."""
    return f"code:{mac}"


def _sent_to(contact: Contact, now: datetime) -> list[datetime]:
    """When this contact was sent its last codes, the newest first."""
    sent = OneTimeCode.objects.filter(
        identifier_mac=contact.mac, created_at__gt=now - timedelta(seconds=DAY)
    ).order_by("-created_at", "pk")
    return list(sent.values_list("created_at", flat=True)[: get_setting("code_sends_per_day")])


def _wait(sent: Sequence[datetime], now: datetime) -> int:
    windows = (
        (1, settings.CODE_RESEND_SECONDS),
        (get_setting("code_sends_per_hour"), HOUR),
        (get_setting("code_sends_per_day"), DAY),
    )
    waits = [
        (sent[limit - 1] - now).total_seconds() + seconds
        for limit, seconds in windows
        if len(sent) >= limit
    ]
    return max(0, *map(math.ceil, waits)) if waits else 0
