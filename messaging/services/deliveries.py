"""What becomes of a notification on each channel, written down when it is told."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from accounts.choices import OutgoingStatus
from accounts.models import OutgoingMessage, User
from accounts.services import outbox
from config.shared.clock import database_now
from config.shared.flows import move
from config.shared.jobs import defer, defer_at
from config.shared.locks import lock
from config.shared.retries import retry_transaction
from messaging.choices import DeliveryStatus, NotificationChannel
from messaging.delivery_exceptions import DeliveryNotRepeatableError
from messaging.flows import DELIVERY_FLOW
from messaging.models import Delivery, Notification, PushSubscription
from messaging.services.channels import NOT_WANTED, Plan

PUSH_JOB = "messaging.send_push"
MOST_REASON = 60
MOST_AT_ONCE = 1000
RESULTS = {
    OutgoingStatus.SENT: DeliveryStatus.SENT,
    OutgoingStatus.FAILED: DeliveryStatus.FAILED,
}


def deliver(
    notification: Notification,
    *,
    context: Mapping[str, Any],
    plan: Plan,
    attachments: tuple[Mapping[str, str], ...],
) -> None:
    """Send ``notification`` on its way, in the open transaction.

    What has files, or is urgent, never waits for a digest.
    """
    made = list(_deliveries(notification, context, plan, attachments))
    Delivery.objects.bulk_create(made)
    for delivery in made:
        if delivery.subscription_id is not None:
            defer_push(delivery)


def defer_push(delivery: Delivery) -> None:
    """Have a browser told, now or when quiet hours are over."""
    if delivery.not_before is None:
        defer(PUSH_JOB, delivery_id=delivery.pk)
    else:
        defer_at(delivery.not_before, PUSH_JOB, delivery_id=delivery.pk)


@retry_transaction
def note_result(message: OutgoingMessage, status: str, error: str) -> None:
    """Write down what became of an e-mail or SMS; one that was told already changes nothing."""
    target = RESULTS[OutgoingStatus(status)]
    reason = error[:MOST_REASON]
    if error == outbox.UNWANTED:
        target, reason = DeliveryStatus.SUPPRESSED, NOT_WANTED
    before = [state for state in DELIVERY_FLOW.states if target in DELIVERY_FLOW.allowed(state)]
    Delivery.objects.filter(outgoing=message, status__in=before).update(
        status=target,
        reason=reason,
        provider_id=_provider_of(message, target),
        attempts=message.attempts,
        at=database_now(),
    )


@retry_transaction
def retry(*, delivery: Delivery, actor: Any) -> Delivery:
    """Try a delivery again that has failed, as long as there is something left to be sent.

    Raises ``DeliveryNotRepeatableError``, and ``MessageNotRepeatableError`` for an e-mail or SMS
    whose text is gone.
    """
    (found,) = lock(delivery)
    if found.status != DeliveryStatus.FAILED:
        raise DeliveryNotRepeatableError
    if found.outgoing is not None:
        outbox.send_again(message=found.outgoing, actor=actor)
    elif found.subscription_id is None:
        raise DeliveryNotRepeatableError
    now = database_now()
    # The reason of a move is the staff's; that of the failure is over.
    Delivery.objects.filter(pk=found.pk).update(reason="")
    found.reason = ""
    changes: dict[str, Any] = {"attempts": 0, "not_before": None, "at": now}
    move(found, DeliveryStatus.QUEUED, flow=DELIVERY_FLOW, actor=actor, **changes)
    if found.subscription_id is not None:
        defer_push(found)
    return found


def settle_lost() -> int:
    """Write down what became of messages of which nothing was told, as those that expired."""
    waiting = Delivery.objects.filter(status=DeliveryStatus.QUEUED, outgoing__status__in=RESULTS)
    count = 0
    for delivery in waiting.select_related("outgoing").order_by("pk")[:MOST_AT_ONCE]:
        if (message := delivery.outgoing) is not None:
            note_result(message, message.status, message.error)
            count += 1
    return count


def _provider_of(message: OutgoingMessage, target: DeliveryStatus) -> Any:
    known = OutgoingMessage.objects.filter(pk=message.pk).values_list("provider_id", flat=True)
    return known.first() or "" if target == DeliveryStatus.SENT else F("provider_id")


def _deliveries(
    notification: Notification,
    context: Mapping[str, Any],
    plan: Plan,
    attachments: tuple[Mapping[str, str], ...],
) -> Iterator[Delivery]:
    user, quiet_until = notification.user, plan.quiet_until
    for channel, reason in plan.refused.items():
        yield Delivery(
            notification=notification,
            channel=channel,
            status=DeliveryStatus.SUPPRESSED,
            reason=reason,
        )
    if plan.in_app:
        yield Delivery(
            notification=notification,
            channel=NotificationChannel.IN_APP,
            status=DeliveryStatus.SENT,
        )
    if NotificationChannel.EMAIL in plan.channels:
        waits = plan.digest_at if not attachments else None
        mail = None if waits else _email(user, notification.type, context, quiet_until, attachments)
        yield _queued(notification, NotificationChannel.EMAIL, waits or quiet_until, outgoing=mail)
    if NotificationChannel.SMS in plan.channels:
        text = outbox.send_sms(
            to=str(user.phone_number),
            template=notification.type,
            context=context,
            user=user,
            not_before=quiet_until,
        )
        yield _queued(notification, NotificationChannel.SMS, quiet_until, outgoing=text)
    if NotificationChannel.PUSH in plan.channels:
        for browser in PushSubscription.objects.filter(user=user).order_by("pk"):
            yield _queued(notification, NotificationChannel.PUSH, quiet_until, subscription=browser)


def _email(
    user: User,
    template: str,
    context: Mapping[str, Any],
    not_before: datetime | None,
    attachments: tuple[Mapping[str, str], ...],
) -> OutgoingMessage:
    return outbox.send_email(
        to=str(user.email),
        template=template,
        context=context,
        user=user,
        not_before=not_before,
        attachments=attachments,
    )


def _queued(
    notification: Notification,
    channel: NotificationChannel,
    not_before: datetime | None,
    **more: Any,
) -> Delivery:
    return Delivery(notification=notification, channel=channel, not_before=not_before, **more)
