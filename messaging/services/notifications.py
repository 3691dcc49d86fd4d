"""Telling people what happened, once, on the channels that they have proved."""

from collections.abc import Mapping
from typing import Any

from accounts.choices import UserStatus
from accounts.models import User
from accounts.services import outbox
from messaging.choices import NotificationPriority
from messaging.models import Notification
from messaging.services.categories import category_of
from messaging.services.wording import data_of


def notify(
    *,
    user: User,
    template: str,
    context: Mapping[str, Any],
    dedupe_key: str,
    link: str = "",
    urgent: bool = False,
    attachments: tuple[Mapping[str, str], ...] = (),
) -> Notification | None:
    """Tell ``user`` something, in the transaction at hand.

    Args:
        template: the message (see ``register_templates``); it names the kind of happening.
        context: exactly the values that the template needs, plain ones; never a code or a token.
        dedupe_key: what makes this happening one: the second call with it tells nobody anything.
        link: the path of the thing in the API.
        urgent: also by SMS where e-mail is proved; else by e-mail, or by SMS without one.
        attachments: files of the e-mail, each with ``name``, ``content_type`` and ``content``.

    Returns the notification, or None if this was told before or the person is no longer there.
    """
    if user.status != UserStatus.ACTIVE:
        return None
    key = f"{template}:{dedupe_key}"[:160]
    made, is_new = Notification.objects.get_or_create(
        dedupe_key=key,
        defaults={
            "user": user,
            "type": template,
            "category": category_of(template),
            "data": data_of(context, time_zone=user.time_zone),
            "link": link,
            "priority": NotificationPriority.URGENT if urgent else NotificationPriority.NORMAL,
        },
    )
    if not is_new:
        return None
    by_email = bool(user.email and user.email_verified)
    if by_email:
        outbox.send_email(
            to=str(user.email),
            template=template,
            context=context,
            user=user,
            attachments=attachments,
        )
    if user.phone_number and user.phone_verified and (urgent or not by_email):
        outbox.send_sms(to=str(user.phone_number), template=template, context=context, user=user)
    return made
