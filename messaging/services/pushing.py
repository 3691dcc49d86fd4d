"""Browsers told of what happened: one job for each, outside of every transaction."""

import json
from typing import Any
from uuid import UUID

from django.db.models import F

from accounts.choices import UserStatus
from accounts.gateways.delivery import DeliveryError
from config.shared.clock import database_now
from config.shared.jobs import PermanentJobError, RetryLaterError
from messaging.choices import (
    DeliveryStatus,
    NotificationCategory,
    NotificationChannel,
    NotificationPriority,
)
from messaging.gateways import web_push
from messaging.models import Delivery, Notification, PushSubscription
from messaging.services.channels import NO_ADDRESS, NOT_WANTED, chosen_channels
from messaging.services.deliveries import MOST_REASON
from messaging.services.digests import READ
from messaging.services.wording import body_of, title_of

TRIES = 8
# What is encrypted may be no longer than 4,096 bytes; Arabic and Hindi take three for a sign.
MOST_TITLE = 150
MOST_BODY = 600
GONE = "browser_gone"
OFF = "push_off"


def send_push(*, delivery_id: UUID) -> None:
    """Tell one browser; the job's part.

    Does nothing for what was told already. A browser that has gone is forgotten. Raises
    ``RetryLaterError`` when it should be tried again and ``PermanentJobError`` when that would
    not help.
    """
    delivery = _claim(delivery_id)
    if delivery is None:
        return
    browser, notification = delivery.subscription, delivery.notification
    reason = _why_not(notification)
    if reason:
        _note(delivery, status=DeliveryStatus.SUPPRESSED, reason=reason)
        return
    if browser is None or not web_push.is_on():
        _note(delivery, status=DeliveryStatus.FAILED, reason=GONE if browser is None else OFF)
        return
    try:
        provider_id = web_push.send(
            endpoint=browser.endpoint,
            p256dh=browser.p256dh,
            auth=browser.auth,
            payload=payload_of(notification),
            urgent=notification.priority == NotificationPriority.URGENT,
        )
    except DeliveryError as exc:
        _refused(delivery, browser, exc)
    else:
        rows = PushSubscription.objects.filter(pk=browser.pk)
        rows.update(failures=0, last_used_at=database_now())
        _note(delivery, status=DeliveryStatus.SENT, provider_id=provider_id[:120])


def payload_of(notification: Notification) -> str:
    """What the browser shows, in the language of its person."""
    locale = notification.user.locale
    return json.dumps(
        {
            "id": str(notification.pk),
            "type": notification.type,
            "category": notification.category,
            "title": title_of(notification, locale=locale)[:MOST_TITLE],
            "body": body_of(notification, locale=locale)[:MOST_BODY],
            "link": notification.link,
        },
        ensure_ascii=False,
    )


def _claim(delivery_id: UUID) -> Delivery | None:
    rows = Delivery.objects.filter(pk=delivery_id, status=DeliveryStatus.QUEUED)
    if not rows.update(attempts=F("attempts") + 1):
        return None
    found = rows.select_related("notification__user", "subscription")
    return found.first()


def _why_not(notification: Notification) -> str:
    """Why it is not told after all; empty if it is."""
    if notification.user.status != UserStatus.ACTIVE:
        return NO_ADDRESS
    if notification.read_at is not None:
        return READ
    category = NotificationCategory(notification.category)
    chosen = chosen_channels(notification.user, category)
    if category == NotificationCategory.SECURITY or chosen is None:
        return ""
    return "" if NotificationChannel.PUSH in chosen else NOT_WANTED


def _refused(delivery: Delivery, browser: PushSubscription, exc: DeliveryError) -> None:
    rows = PushSubscription.objects.filter(pk=browser.pk)
    if isinstance(exc, web_push.SubscriptionGoneError):
        _note(delivery, status=DeliveryStatus.FAILED, reason=GONE)
        rows.delete()
        return
    rows.update(failures=F("failures") + 1)
    if exc.permanent or delivery.attempts >= TRIES:
        _note(delivery, status=DeliveryStatus.FAILED, reason=str(exc)[:MOST_REASON])
        raise PermanentJobError(f"delivery {delivery.pk}: {exc}")
    _note(delivery, reason=str(exc)[:MOST_REASON])
    raise RetryLaterError(f"delivery {delivery.pk}: {exc}", seconds=exc.retry_after)


def _note(delivery: Delivery, *, reason: str = "", **changes: Any) -> None:
    rows = Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.QUEUED)
    rows.update(reason=reason, at=database_now(), **changes)
