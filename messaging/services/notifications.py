"""Telling people what happened, once, on the channels that they have proved."""

from collections.abc import Mapping
from typing import Any

from accounts.choices import UserStatus
from accounts.models import User
from config.shared import realtime
from messaging.choices import NotificationPriority
from messaging.models import Notification
from messaging.services.categories import category_of
from messaging.services.channels import plan_for
from messaging.services.deliveries import deliver
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
        urgent: also by SMS where e-mail is proved; else by e-mail, or by SMS without one. People
            who have chosen channels for the category are told on these; quiet hours, and a digest
            of what is not urgent, hold back all but the notification itself. What concerns the
            security of the account comes at once, on every channel that is proved.
        attachments: files of the e-mail, each with ``name``, ``content_type`` and ``content``.

    Returns the notification, or None if this was told before or the person is no longer there.
    """
    if user.status != UserStatus.ACTIVE:
        return None
    category = category_of(template)
    plan = plan_for(user=user, category=category, urgent=urgent)
    made, is_new = Notification.objects.get_or_create(
        dedupe_key=f"{template}:{dedupe_key}"[:160],
        defaults={
            "user": user,
            "type": template,
            "category": category,
            "data": data_of(context, time_zone=user.time_zone),
            "link": link,
            "priority": NotificationPriority.URGENT if urgent else NotificationPriority.NORMAL,
            "in_app": plan.in_app,
        },
    )
    if not is_new:
        return None
    deliver(made, context=context, plan=plan, attachments=attachments)
    if made.in_app:
        realtime.publish(
            users=[user.pk],
            event="notification.created",
            data={"notification": made.pk, "type": template, "category": category},
        )
    return made
