"""How somebody wants to be told of what, and when not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from accounts.models import User
from config.shared import audit
from config.shared.clock import database_now
from config.shared.locks import lock
from config.shared.retries import retry_transaction
from messaging.choices import Digest, NotificationCategory
from messaging.models import NotificationPreference, NotificationSchedule
from messaging.services.channels import channels_shown
from messaging.services.digests import waiting_for_digest


@dataclass(frozen=True, slots=True)
class Choice:
    """The channels of one category."""

    category: NotificationCategory
    channels: list[str]
    is_default: bool
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything that somebody has chosen, or that goes for them without a choice."""

    categories: list[Choice]
    quiet_from: time | None
    quiet_until: time | None
    time_zone: str
    digest: str


def preferences_of(*, user: User) -> Preferences:
    """How ``user`` is told of things at present."""
    rows = NotificationPreference.objects.filter(user=user)
    chosen = dict(rows.values_list("category", "channels"))
    schedule = NotificationSchedule.objects.filter(user=user).first() or NotificationSchedule()
    return Preferences(
        categories=[
            Choice(
                category=category,
                channels=sorted(chosen.get(category.value, channels_shown(user, category))),
                is_default=category.value not in chosen,
                is_fixed=category == NotificationCategory.SECURITY,
            )
            for category in NotificationCategory
        ],
        quiet_from=schedule.quiet_from,
        quiet_until=schedule.quiet_until,
        time_zone=user.time_zone,
        digest=schedule.digest,
    )


@retry_transaction
def replace_preferences(
    *,
    user: User,
    categories: Iterable[Mapping[str, Any]],
    quiet_from: time | None,
    quiet_until: time | None,
    digest: str,
) -> Preferences:
    """Put these choices in the place of all earlier ones.

    A category that is left out, or comes without channels, goes back to the usual. What waits for
    a digest that was switched off is sent with the next round.
    """
    (user,) = lock(user)
    NotificationPreference.objects.filter(user=user).delete()
    NotificationPreference.objects.bulk_create(
        NotificationPreference(user=user, category=one["category"], channels=one["channels"])
        for one in categories
        if one["channels"] is not None and one["category"] != NotificationCategory.SECURITY
    )
    NotificationSchedule.objects.update_or_create(
        user=user,
        defaults={"quiet_from": quiet_from, "quiet_until": quiet_until, "digest": digest},
    )
    if digest == Digest.OFF:
        waiting_for_digest().filter(notification__user=user).update(not_before=database_now())
    audit.record("notification_preference.replaced", target=user, actor=user)
    return preferences_of(user=user)
