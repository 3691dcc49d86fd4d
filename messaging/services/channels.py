"""On which channels somebody is told something: by their choice, and by what they have proved."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from accounts.models import User
from config.shared.clock import database_now
from messaging.choices import NotificationCategory, NotificationChannel
from messaging.models import NotificationPreference, NotificationSchedule
from messaging.services.quiet_hours import end_of_quiet, next_digest, zone_named

NOT_WANTED = "not_wanted"
NO_ADDRESS = "no_address"
EVERY_CHANNEL = frozenset(NotificationChannel)


@dataclass(frozen=True, slots=True)
class Plan:
    """How one notification reaches somebody.

    ``refused`` names the channels on which it would have come, and why it does not; ``quiet_until``
    and ``digest_at`` tell when what waits is let go.
    """

    channels: frozenset[NotificationChannel]
    refused: dict[NotificationChannel, str] = field(default_factory=dict)
    quiet_until: datetime | None = None
    digest_at: datetime | None = None

    @property
    def in_app(self) -> bool:
        """Whether it stands in the list."""
        return NotificationChannel.IN_APP in self.channels


def plan_for(*, user: User, category: NotificationCategory, urgent: bool) -> Plan:
    """How ``user`` is told something of ``category`` now.

    What concerns the security of the account comes at once, on every channel that is proved.
    """
    reachable = _reachable(user)
    if category == NotificationCategory.SECURITY:
        return Plan(frozenset(reachable))
    usual = usual_channels(reachable, urgent=urgent)
    wanted = chosen_channels(user, category)
    if wanted is None:
        wanted = usual
    refused = dict.fromkeys(sorted(usual - wanted), NOT_WANTED)
    refused |= dict.fromkeys(sorted(wanted - reachable), NO_ADDRESS)
    schedule = NotificationSchedule.objects.filter(user=user).first()
    zone, now = zone_named(user.time_zone), database_now()
    return Plan(
        channels=frozenset(wanted & reachable),
        refused=refused,
        quiet_until=end_of_quiet(schedule, zone=zone, now=now),
        digest_at=None if urgent else next_digest(schedule, zone=zone, now=now),
    )


def usual_channels(
    reachable: frozenset[NotificationChannel], *, urgent: bool
) -> frozenset[NotificationChannel]:
    """The channels of whoever has chosen none: an SMS only if it is urgent, or nothing else."""
    spared = {NotificationChannel.SMS}
    if urgent or NotificationChannel.EMAIL not in reachable:
        spared.clear()
    return reachable - spared


def channels_shown(user: User, category: NotificationCategory) -> frozenset[NotificationChannel]:
    """What the settings show for somebody who has chosen nothing."""
    reachable = _reachable(user)
    if category == NotificationCategory.SECURITY:
        return reachable
    return usual_channels(reachable, urgent=False)


def chosen_channels(
    user: User, category: NotificationCategory
) -> frozenset[NotificationChannel] | None:
    """The channels that ``user`` has chosen for a category; None for no choice."""
    rows = NotificationPreference.objects.filter(user=user, category=category)
    chosen = rows.values_list("channels", flat=True).first()
    return None if chosen is None else frozenset(NotificationChannel(name) for name in chosen)


def _reachable(user: User) -> frozenset[NotificationChannel]:
    """The list, what was proved, and browsers where this site can reach them."""
    found = {NotificationChannel.IN_APP}
    if user.email and user.email_verified:
        found.add(NotificationChannel.EMAIL)
    if user.phone_number and user.phone_verified:
        found.add(NotificationChannel.SMS)
    if settings.WEB_PUSH_PRIVATE_KEY:
        found.add(NotificationChannel.PUSH)
    return frozenset(found)
