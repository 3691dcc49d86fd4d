"""Stopping e-mails of one kind with one click, without signing in (RFC 8058)."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing

from accounts.choices import MessageChannel
from accounts.models import OutgoingMessage, User
from config.shared import audit
from config.shared.locks import lock
from config.shared.retries import retry_transaction
from messaging.choices import NotificationCategory, NotificationChannel
from messaging.models import NotificationPreference
from messaging.services.categories import category_of
from messaging.services.channels import channels_shown, chosen_channels

SALT = "messaging.unsubscribe"
# A digest is of every category.
DIGEST = "digest"
EVERYTHING = "all"
OPTIONAL = tuple(
    category for category in NotificationCategory if category != NotificationCategory.SECURITY
)


@dataclass(frozen=True, slots=True)
class Request:
    """Who wants no more e-mails, and about what."""

    user: User
    categories: tuple[NotificationCategory, ...]


def token_of(user_id: UUID, topic: str) -> str:
    """What names a person and a category in an address, and cannot be made up."""
    return signing.dumps([user_id.hex, topic], salt=SALT)


def read_token(token: str) -> Request | None:
    """What a token asks for; None for one that is not ours, or whose person is gone."""
    try:
        key, topic = signing.loads(token, salt=SALT)
        user = User.objects.filter(pk=UUID(key)).first()
    except (signing.BadSignature, ValueError, TypeError):
        return None
    categories = OPTIONAL if topic == EVERYTHING else tuple(c for c in OPTIONAL if c == topic)
    return Request(user, categories) if user and categories else None


@retry_transaction
def unsubscribe(*, request: Request) -> None:
    """Send no more e-mails of these categories; a second time it changes nothing.

    The other channels stay as they are. What is only sent as an SMS without an e-mail does not
    become one.
    """
    (user,) = lock(request.user)
    for category in request.categories:
        chosen = chosen_channels(user, category)
        channels = channels_shown(user, category) if chosen is None else chosen
        if NotificationChannel.EMAIL in channels or chosen is None:
            kept = sorted(channels - {NotificationChannel.EMAIL})
            NotificationPreference.objects.update_or_create(
                user=user, category=category, defaults={"channels": kept}
            )
    audit.record(
        "notification_preference.unsubscribed",
        target=user,
        actor=user,
        after={"categories": [str(category) for category in request.categories]},
    )


def link_for(message: OutgoingMessage) -> str:
    """Where the person stops e-mails like ``message``; empty for those that always go out."""
    if message.user_id is None or message.channel != MessageChannel.EMAIL:
        return ""
    category = category_of(message.template)
    if category == NotificationCategory.SECURITY:
        return ""
    topic = EVERYTHING if message.template == DIGEST else category
    path = f"/unsubscribe/{token_of(message.user_id, topic)}/"
    # Always this site: the click of a mail program is answered here, not by a front end.
    return f"{settings.PUBLIC_BASE_URL}{path}"


def still_wanted(message: OutgoingMessage) -> bool:
    """Whether the person has not meanwhile chosen to do without messages like this one."""
    category = category_of(message.template)
    if (
        message.user is None
        or category == NotificationCategory.SECURITY
        or message.template == DIGEST
    ):
        return True
    chosen = chosen_channels(message.user, category)
    return chosen is None or NotificationChannel(message.channel) in chosen
