"""Asking the gateway about what it has not told us, in case its messages were lost."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from bookings.choices import GatewayName, RefundStatus
from bookings.gateways.choosing import gateway_named
from bookings.gateways.payments import GatewayDownError, GatewayRefusalError
from bookings.models import Payment, Refund
from bookings.services.open_payments import OPEN, give_up
from bookings.services.receiving import apply_report
from bookings.services.refunds import JOB
from config.shared.errors import MissingError
from config.shared.jobs import defer_once

QUIET_FOR = timedelta(minutes=15)
# Nobody comes back to a payment that was begun longer ago than this.
FORGOTTEN_AFTER = timedelta(days=7)
BATCH = 200

logger = logging.getLogger(__name__)


def poll_payments() -> int:
    """Look up payments that have been open for a quarter of an hour; returns how many changed.

    Those that the gateway was never told of, and were left alone for a week, have failed. Refunds
    that are as old are handed to their job again.
    """
    quiet = Q(updated_at__lte=Now() - QUIET_FOR)
    for refund in Refund.objects.filter(
        quiet,
        ~Q(payment__gateway=GatewayName.OFFLINE),
        status__in=[RefundStatus.APPROVED, RefundStatus.PROCESSING],
    ).order_by("updated_at", "pk")[:BATCH]:
        defer_once(f"refund:{refund.pk}", JOB, refund_id=refund.pk)
    rows = Payment.objects.filter(quiet, status__in=OPEN).exclude(gateway=GatewayName.OFFLINE)
    return sum(look_up(payment) for payment in rows.order_by("updated_at", "pk")[:BATCH])


def look_up(payment: Payment) -> bool:
    """Take in what the gateway knows of ``payment``; returns whether its state changed."""
    before = payment.status
    if not payment.stripe_payment_intent_id:
        return _forget(payment)
    try:
        report = gateway_named(payment.gateway).retrieve(payment.stripe_payment_intent_id)
    except (GatewayDownError, GatewayRefusalError, MissingError) as error:
        logger.warning("%s could not be looked up: %s", payment, type(error).__name__)
        _touch(payment)
        return False
    after = apply_report(payment=payment, report=report)
    _touch(payment)
    return after.status != before


def _forget(payment: Payment) -> bool:
    old = Payment.objects.filter(pk=payment.pk, created_at__lte=Now() - FORGOTTEN_AFTER).exists()
    if old:
        give_up(payment=payment, code="abandoned")
    return old


def _touch(payment: Payment) -> None:
    """Put ``payment`` behind those that wait longer."""
    Payment.objects.filter(pk=payment.pk, status__in=OPEN).update(updated_at=Now())
