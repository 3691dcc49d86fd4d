"""The inbox of gateways: every message is kept, and applied once.

A message and its effect are one transaction. Where the effect fails, the message is kept as
failed and the gateway is asked to send it again; staff can also have it applied once more.
"""

import contextlib
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from bookings.choices import FactKind, WebhookOutcome
from bookings.gateways.choosing import gateway_named
from bookings.gateways.payments import Fact, GatewayEvent, Report
from bookings.models import Payment, WebhookEvent
from bookings.payment_exceptions import InboxFailedError
from bookings.services.receiving import apply_report
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import ConflictError
from config.shared.locks import lock_one
from config.shared.retries import retry_transaction

DONE = (WebhookOutcome.APPLIED, WebhookOutcome.IGNORED)
LONGEST_ERROR = 300

logger = logging.getLogger(__name__)


def receive_message(*, gateway: str, body: bytes, headers: Mapping[str, str]) -> WebhookEvent:
    """Take a message in: check who sent it, keep it, apply it.

    Raises ``MissingError`` for a gateway that is not set up, ``SignatureError`` for a message that
    it did not send, and ``InboxFailedError`` for one that could not be applied.
    """
    event = gateway_named(gateway).parse_webhook(body, headers)
    digest = hashlib.sha256(body).hexdigest()
    try:
        return _apply(gateway=gateway, event=event, digest=digest)
    except Exception as error:
        logger.exception("A message of the gateway %s could not be applied.", gateway)
        _note_failure(gateway=gateway, event=event, digest=digest, error=error)
        raise InboxFailedError from error


def retry_webhook(*, event: WebhookEvent, actor: User) -> WebhookEvent:
    """Have a message that failed applied once more, by staff. Raises ``ConflictError`` if it is
    done already, and ``InboxFailedError`` if it fails again."""
    if event.outcome in DONE:
        raise ConflictError("This message was applied already.")
    meant = _read(event)
    try:
        event = _apply(gateway=event.gateway, event=meant, digest=event.payload_hash)
    except Exception as error:
        logger.exception("A message of the gateway %s failed again.", event.gateway)
        _note_failure(gateway=event.gateway, event=meant, digest=event.payload_hash, error=error)
        raise InboxFailedError from error
    audit.record("bookings.webhookevent.retried", target=event, actor=actor)
    return event


@retry_transaction
def _apply(*, gateway: str, event: GatewayEvent, digest: str) -> WebhookEvent:
    """The message with its effect, in one transaction; repetitions wait here and then see it."""
    row = _row_of(gateway, event, digest)
    if row.outcome in DONE:
        return row
    payment = _payment_of(gateway, event.report)
    if payment is not None and event.report is not None:
        apply_report(payment=payment, report=event.report)
    row.outcome = WebhookOutcome.IGNORED if payment is None else WebhookOutcome.APPLIED
    row.processed_at = database_now()
    row.attempts += 1
    row.error = ""
    row.save(update_fields=["outcome", "processed_at", "attempts", "error"])
    return row


@retry_transaction
def _note_failure(*, gateway: str, event: GatewayEvent, digest: str, error: Exception) -> None:
    row = _row_of(gateway, event, digest)
    if row.outcome in DONE:
        return
    row.outcome = WebhookOutcome.FAILED
    row.attempts += 1
    row.error = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    row.save(update_fields=["outcome", "attempts", "error"])


def _row_of(gateway: str, event: GatewayEvent, digest: str) -> WebhookEvent:
    """The locked row of a message, made if it is new."""
    new = WebhookEvent(
        gateway=gateway,
        external_id=event.external_id,
        type=event.type,
        payload_hash=digest,
        facts=_written(event.report),
    )
    WebhookEvent.objects.bulk_create([new], ignore_conflicts=True)
    return lock_one(WebhookEvent.objects.all(), gateway=gateway, external_id=event.external_id)


def _payment_of(gateway: str, report: Report | None) -> Payment | None:
    """The payment that a message is about, by the gateway's name for it or by ours."""
    if report is None:
        return None
    named = Q(stripe_payment_intent_id=report.intent) if report.intent else Q(pk__in=[])
    with contextlib.suppress(ValueError):
        named |= Q(pk=UUID(report.payment))
    return Payment.objects.filter(named, gateway=gateway).order_by("pk").first()


def _written(report: Report | None) -> dict[str, Any]:
    """What of a message is kept: names, amounts and kinds; neither secrets nor people."""
    if report is None:
        return {}
    return {
        "intent": report.intent,
        "payment": report.payment,
        "charge": report.charge,
        "transfer": report.transfer,
        "facts": [{**asdict(fact), "amount": str(fact.amount)} for fact in report.facts],
    }


def _read(row: WebhookEvent) -> GatewayEvent:
    """The message as it was kept."""
    if not row.facts:
        return GatewayEvent(row.external_id, row.type)
    kept = dict(row.facts)
    facts = tuple(
        Fact(
            **{
                **fact,
                "kind": FactKind(fact["kind"]),
                "amount": Decimal(fact["amount"]),
            }
        )
        for fact in kept.pop("facts")
    )
    return GatewayEvent(row.external_id, row.type, Report(**kept, facts=facts))
