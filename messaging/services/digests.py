"""What can wait, in one e-mail a day or a week."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from accounts.choices import UserStatus
from accounts.models import User
from accounts.services import outbox
from accounts.services.message_templates import register_templates
from config.shared.clock import database_now
from config.shared.jobs import defer_once
from config.shared.locks import lock
from config.shared.retries import retry_transaction
from messaging.choices import DeliveryStatus, NotificationCategory, NotificationChannel
from messaging.models import Delivery, Notification, NotificationPreference
from messaging.services.categories import register_categories
from messaging.services.channels import NO_ADDRESS, NOT_WANTED
from messaging.services.wording import title_of

DIGEST = "digest"
JOB = "messaging.send_digest"
MOST_LINES = 50
MOST_PEOPLE = 1000
READ = "read_meanwhile"

register_templates({DIGEST: ("count", "lines", "more")})
register_categories({DIGEST: NotificationCategory.COMMUNITY})


def waiting_for_digest() -> QuerySet[Delivery]:
    """E-mails that come with the next digest of whoever they are for."""
    return Delivery.objects.filter(
        channel=NotificationChannel.EMAIL,
        status=DeliveryStatus.QUEUED,
        outgoing__isnull=True,
        not_before__isnull=False,
    )


def arrange_digests() -> int:
    """Have every digest made whose time has come; returns how many there are."""
    ripe = waiting_for_digest().filter(not_before__lte=database_now()).order_by()
    people = ripe.values_list("notification__user", flat=True).distinct()[:MOST_PEOPLE]
    count = 0
    for user_id in people:
        defer_once(f"{JOB}:{user_id}", JOB, user_id=user_id)
        count += 1
    return count


@retry_transaction
def send_digest(*, user_id: UUID) -> int:
    """Tell somebody in one e-mail what waited for it; returns how many things that were.

    What they have read meanwhile, or want no e-mails of any more, is left out.
    """
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        return 0
    (user,) = lock(found)
    ripe = waiting_for_digest().filter(notification__user=user, not_before__lte=database_now())
    rows = list(ripe.select_related("notification").order_by("notification__created_at", "pk"))
    if not (user.email and user.email_verified and user.status == UserStatus.ACTIVE):
        _suppress(rows, NO_ADDRESS)
        return 0
    unwanted = _unwanted(user)
    _suppress([row for row in rows if row.notification.category in unwanted], NOT_WANTED)
    rows = [row for row in rows if row.notification.category not in unwanted]
    _suppress([row for row in rows if row.notification.read_at], READ)
    rows = [row for row in rows if not row.notification.read_at]
    if rows:
        _send(user, rows)
    return len(rows)


def _send(user: User, rows: list[Delivery]) -> None:
    message = outbox.send_email(
        to=str(user.email),
        template=DIGEST,
        context={
            "count": len(rows),
            "lines": _lines(user, [row.notification for row in rows[:MOST_LINES]]),
            "more": max(len(rows) - MOST_LINES, 0),
        },
        user=user,
    )
    keys = [row.pk for row in rows]
    Delivery.objects.filter(pk__in=keys).update(outgoing=message, at=database_now())


def _lines(user: User, told: Iterable[Notification]) -> str:
    """A paragraph for each."""
    return "\n\n".join(f"• {title_of(one, locale=user.locale)}" for one in told)


def _unwanted(user: User) -> set[str]:
    rows = NotificationPreference.objects.filter(user=user)
    return {row.category for row in rows if NotificationChannel.EMAIL not in row.channels}


def _suppress(rows: Iterable[Delivery], reason: str) -> None:
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=DeliveryStatus.SUPPRESSED, reason=reason, at=database_now()
    )
