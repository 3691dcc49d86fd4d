"""Mail and SMS: written down with the change that asks for them, sent by a job afterwards.

What a message says is sealed until it is delivered and forgotten then: neither the queue, nor
the log, nor what staff see holds a code or a link. A message is handed over once; only a crash
between the hand-over and its note can send it a second time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q

from accounts.choices import MessageChannel, OutgoingStatus
from accounts.exceptions import MessageNotRepeatableError
from accounts.gateways import mail, sms
from accounts.gateways.delivery import DeliveryError
from accounts.models import OutgoingMessage, User
from accounts.services import outbox_hooks
from accounts.services.message_templates import (
    check_values,
    template_named,
)
from accounts.services.outbox_payloads import packed, unpacked
from config.shared import audit
from config.shared.clock import database_now
from config.shared.email import render_email, render_sms
from config.shared.jobs import PermanentJobError, RetryLaterError, defer, defer_at

JOB = "accounts.deliver_message"
TRIES = 8
# Longer than any gateway takes, and than a worker is given to be taken for dead.
CLAIM = timedelta(seconds=120)
TROUBLE_WINDOW = timedelta(minutes=10)
TROUBLE_FAILURES = 3
EXPIRED = "expired before it could be delivered"
UNWANTED = "no longer wanted by the person"


def send_email(  # noqa: PLR0913 - everything that a message is
    *,
    to: str,
    template: str,
    context: Mapping[str, Any],
    locale: str | None = None,
    user: User | None = None,
    dedupe_key: str | None = None,
    expires_at: datetime | None = None,
    not_before: datetime | None = None,
    attachments: Sequence[Mapping[str, str]] = (),
) -> OutgoingMessage:
    """Queue an e-mail in the transaction at hand, to be sent at once or not before a time.

    ``context`` has exactly the values that the template needs. The language is that of ``locale``,
    else of ``user``, else English. A second message with the same ``dedupe_key`` is not queued;
    the first is returned. After ``expires_at`` (by default the template's lifetime) it is no
    longer sent. ``attachments`` are texts, each with ``name``, ``content_type`` and ``content``.
    Raises ``UnknownTemplateError`` and ``MissingValueError``.
    """
    return _queue(
        channel=MessageChannel.EMAIL,
        to=to,
        template=template,
        context=context,
        locale=locale,
        user=user,
        dedupe_key=dedupe_key,
        expires_at=expires_at,
        not_before=not_before,
        attachments=attachments,
    )


def send_sms(
    *,
    to: str,
    template: str,
    context: Mapping[str, Any],
    locale: str | None = None,
    user: User | None = None,
    dedupe_key: str | None = None,
    expires_at: datetime | None = None,
    not_before: datetime | None = None,
) -> OutgoingMessage:
    """Queue an SMS to a number in E.164, in the transaction at hand; see ``send_email``."""
    return _queue(
        channel=MessageChannel.SMS,
        to=to,
        template=template,
        context=context,
        locale=locale,
        user=user,
        dedupe_key=dedupe_key,
        expires_at=expires_at,
        not_before=not_before,
    )


def mask(channel: str, address: str) -> str:
    """As much of an address as its owner recognises: ``+971…67``, ``a…@example.com``."""
    if channel == MessageChannel.SMS:
        return f"{address[:4]}…{address[-2:]}"
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"[:80]


def deliver(*, message_id: UUID) -> None:
    """Hand a queued message over; the job's part.

    Does nothing for a message that was sent already. Raises ``RetryLaterError`` when it should be
    tried again and ``PermanentJobError`` when that would not help.
    """
    message = _claim(message_id)
    if message is None:
        return
    if message.payload is None or message.expires_at <= database_now():
        _note(message, status=OutgoingStatus.FAILED, error=EXPIRED, payload=None)
        return
    if not outbox_hooks.is_wanted(message):
        _note(message, status=OutgoingStatus.FAILED, error=UNWANTED, payload=None)
        return
    try:
        provider_id = _hand_over(message, *unpacked(message.payload))
    except DeliveryError as exc:
        _refused(message, exc)
    except Exception as exc:
        _note(message, error=f"our own fault ({type(exc).__name__})")
        raise
    else:
        _note(
            message,
            status=OutgoingStatus.SENT,
            sent_at=database_now(),
            provider_id=provider_id[:100],
            error="",
            payload=None,
        )


@transaction.atomic
def send_again(*, message: OutgoingMessage, actor: Any) -> OutgoingMessage:
    """Queue a message again that could not be delivered, as long as its text is still there."""
    now = database_now()
    found = OutgoingMessage.objects.filter(
        pk=message.pk,
        status=OutgoingStatus.FAILED,
        payload__isnull=False,
        expires_at__gt=now,
    ).update(status=OutgoingStatus.QUEUED, attempts=0, claimed_until=None)
    if not found:
        raise MessageNotRepeatableError
    audit.record("outgoing_message.sent_again", target=message, actor=actor)
    defer(JOB, message_id=message.pk)
    message.refresh_from_db()
    return message


def troubled_channels() -> set[str]:
    """The channels on which the last ten minutes brought failures only."""
    since = database_now() - TROUBLE_WINDOW
    sent = Q(status=OutgoingStatus.SENT)
    failed = ~Q(error__in=("", UNWANTED)) & ~sent
    rows = (
        # Every status, by name: so the index on status and time finds the last ten minutes.
        OutgoingMessage.objects.filter(status__in=OutgoingStatus.values, created_at__gte=since)
        .values("channel")
        .annotate(failures=Count("pk", filter=failed), sent=Count("pk", filter=sent))
        .order_by("channel")
    )
    return {
        row["channel"] for row in rows if row["failures"] >= TROUBLE_FAILURES and not row["sent"]
    }


def forget_expired() -> int:
    """Forget the texts of messages whose time is over; returns how many there were."""
    return (
        OutgoingMessage.objects.filter(expires_at__lte=database_now(), payload__isnull=False)
        .exclude(claimed_until__gt=database_now())
        .update(
            status=OutgoingStatus.FAILED,
            payload=None,
            error=EXPIRED,
        )
    )


def delete_old() -> int:
    """Delete what was sent long ago, with the addresses; returns how many messages there were."""
    before = database_now() - timedelta(days=settings.OUTBOX_KEEP_DAYS)
    deleted, _ = OutgoingMessage.objects.filter(created_at__lt=before).delete()
    return deleted


@transaction.atomic
def _queue(  # noqa: PLR0913 - everything that a message is
    *,
    channel: str,
    to: str,
    template: str,
    context: Mapping[str, Any],
    locale: str | None,
    user: User | None,
    dedupe_key: str | None,
    expires_at: datetime | None,
    not_before: datetime | None,
    attachments: Sequence[Mapping[str, str]] = (),
) -> OutgoingMessage:
    check_values(template, context)
    if dedupe_key is not None:
        known = OutgoingMessage.objects.filter(dedupe_key=dedupe_key).first()
        if known is not None:
            return known
    zone = user.time_zone if user else "UTC"
    values = {
        "user": user,
        "channel": channel,
        "to": to,
        "to_hint": mask(channel, to),
        "template": template,
        "locale": (locale or (user.locale if user else "") or "en")[:12],
        "payload": packed(context, time_zone=zone, attachments=attachments),
        "expires_at": expires_at
        or (not_before or database_now()) + template_named(template).lifetime,
    }
    if dedupe_key is None:
        message = OutgoingMessage.objects.create(**values)
    else:
        message, is_new = OutgoingMessage.objects.get_or_create(
            dedupe_key=dedupe_key, defaults=values
        )
        if not is_new:
            return message
    _arrange(message, not_before)
    return message


def _arrange(message: OutgoingMessage, not_before: datetime | None) -> None:
    if not_before is None:
        defer(JOB, message_id=message.pk)
    else:
        defer_at(not_before, JOB, message_id=message.pk)


def _claim(message_id: UUID) -> OutgoingMessage | None:
    """Take the message for this run alone; None when it is sent or gone."""
    now = database_now()
    claimed = (
        OutgoingMessage.objects.filter(pk=message_id)
        .exclude(status=OutgoingStatus.SENT)
        .exclude(claimed_until__gt=now)
        .update(attempts=F("attempts") + 1, claimed_until=now + CLAIM)
    )
    message = OutgoingMessage.objects.filter(pk=message_id).first()
    if message is None or message.status == OutgoingStatus.SENT:
        return None
    if not claimed:
        raise RetryLaterError("another worker is sending it", seconds=CLAIM.total_seconds())
    return message


def _hand_over(
    message: OutgoingMessage, values: dict[str, Any], attachments: Sequence[Mapping[str, str]]
) -> str:
    if message.channel == MessageChannel.SMS:
        text = render_sms(message.template, values, locale=message.locale)
        return sms.gateway().send(to=message.to, text=text)
    link = outbox_hooks.unsubscribe_link(message)
    rendered = render_email(message.template, values, locale=message.locale, unsubscribe_link=link)
    return mail.send(
        to=message.to,
        message=rendered,
        identifier=str(message.pk),
        attachments=attachments,
        unsubscribe_link=link,
    )


def _refused(message: OutgoingMessage, exc: DeliveryError) -> None:
    if exc.permanent or message.attempts >= TRIES:
        _note(message, status=OutgoingStatus.FAILED, error=str(exc)[:300])
        raise PermanentJobError(f"message {message.pk}: {exc}")
    _note(message, error=str(exc)[:300])
    raise RetryLaterError(f"message {message.pk}: {exc}", seconds=exc.retry_after)


def _note(message: OutgoingMessage, **changes: Any) -> None:
    rows = OutgoingMessage.objects.filter(pk=message.pk)
    over = changes.get("status") in {OutgoingStatus.SENT, OutgoingStatus.FAILED}
    if over and not template_named(message.template).leaves_trace:
        rows.delete()
    else:
        rows.update(claimed_until=None, **changes)
    if over:
        outbox_hooks.tell_result(message, changes["status"], changes["error"])
