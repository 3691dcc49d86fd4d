"""Payments at the gateway: announced, looked up and called off, each outside any transaction."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import BookingStatus, GatewayName, InstalmentKind, PaymentStatus
from bookings.gateways.choosing import gateway_named
from bookings.gateways.payments import (
    Charge,
    Gateway,
    GatewayDownError,
    GatewayRefusalError,
    minor_of,
)
from bookings.models import Payment
from bookings.payment_exceptions import GatewayMismatchError, NotPayerError
from bookings.services.open_payments import CANCEL_JOB, give_up
from bookings.services.receiving import apply_report
from bookings.services.sale_outages import LONGEST_EXTENSION, extend_sale_for_outage
from bookings.services.settling import has_lapsed, settle_unit
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import ConflictError
from config.shared.jobs import RetryLaterError, defer
from config.shared.locks import lock
from config.shared.retries import retry_transaction


@dataclass(frozen=True, slots=True)
class ClientSide:
    """What a browser pays with at the gateway; ``client_secret`` is for the payer alone."""

    gateway: str
    is_test: bool
    publishable_key: str
    client_secret: str = field(repr=False)


def present_name() -> GatewayName:
    """The gateway that new payments are made with."""
    return GatewayName(settings.PAYMENT_GATEWAY)


def announce(*, payment: Payment) -> Payment:
    """Tell the gateway of a payment that it has not been told of; bears repetition.

    Raises ``GatewayDownError``, after the time for a deposit has been extended. A payment that
    the gateway refuses has failed.
    """
    told = payment.gateway == GatewayName.OFFLINE or payment.stripe_payment_intent_id
    if told or payment.status != PaymentStatus.PENDING:
        return payment
    gateway = gateway_named(payment.gateway)
    try:
        report = gateway.create_intent(_charge(payment, gateway))
    except GatewayDownError:
        if payment.transaction_id is None:
            extend_for_outage(payment=payment)
        else:
            extend_sale_for_outage(payment=payment)
        raise
    except GatewayRefusalError as refusal:
        return give_up(payment=payment, code=refusal.code)
    payment = apply_report(payment=payment, report=report)
    if payment.status == PaymentStatus.FAILED:
        # What it was for ended in between: nobody shall pay this any more.
        defer(CANCEL_JOB, payment_id=payment.pk)
    return payment


def client_side(*, payment: Payment, actor: User) -> ClientSide:
    """What the payer's browser needs to pay; asked of the gateway and stored nowhere.

    Raises ``NotPayerError``, ``GatewayMismatchError``, and ``ConflictError`` where nothing is
    left to pay.
    """
    if payment.payer_id != actor.pk:
        raise NotPayerError
    if payment.gateway == GatewayName.OFFLINE:
        raise GatewayMismatchError
    if payment.completed_at is None:
        payment = announce(payment=payment)
    if payment.completed_at is not None or not payment.stripe_payment_intent_id:
        raise ConflictError("Nothing is left to pay here.")
    try:
        report = gateway_named(payment.gateway).retrieve(payment.stripe_payment_intent_id)
    except GatewayRefusalError as refusal:
        raise ConflictError("The gateway does not take this payment.") from refusal
    is_stripe = payment.gateway == GatewayName.STRIPE
    return ClientSide(
        gateway=payment.gateway,
        is_test=payment.gateway == GatewayName.TEST,
        publishable_key=settings.STRIPE_PUBLISHABLE_KEY if is_stripe else "",
        client_secret=report.secret,
    )


def cancel_intent(*, payment_id: UUID) -> None:
    """Have the gateway take no money for a payment any more; what it took is dealt with."""
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None or not payment.stripe_payment_intent_id or payment.completed_at is not None:
        return
    try:
        report = gateway_named(payment.gateway).cancel(
            payment.stripe_payment_intent_id, key=f"cy:{payment.pk}:cancel"
        )
    except GatewayDownError as error:
        raise RetryLaterError("The gateway does not answer.", seconds=error.retry_after) from error
    except GatewayRefusalError as refusal:
        give_up(payment=payment, code=refusal.code)
        return
    apply_report(payment=payment, report=report)


@retry_transaction
def extend_for_outage(*, payment: Payment) -> None:
    """Leave the customer some time for the deposit after the gateway could not be reached.

    By the setting ``outage_extension_minutes`` from now, and never more than 24 hours beyond what
    was given at checkout, however often it happens.
    """
    instalment = payment.instalment
    if instalment is None or instalment.kind != InstalmentKind.DEPOSIT:
        return
    unit, booking = lock(instalment.booking.unit, instalment.booking)
    now = database_now()
    if booking.status != BookingStatus.PENDING_PAYMENT or has_lapsed(booking, now):
        return
    given = timedelta(minutes=get_setting("deposit_minutes"))
    latest = instalment.created_at + given + LONGEST_EXTENSION
    until = min(now + timedelta(minutes=get_setting("outage_extension_minutes")), latest)
    if booking.pay_until is None or until <= booking.pay_until:
        return
    before, booking.pay_until = booking.pay_until, until
    booking.save(update_fields=["pay_until", "updated_at"])
    settle_unit(unit=unit, now=now)
    audit.record(
        "bookings.booking.extended",
        target=booking,
        before={"pay_until": before},
        after={"pay_until": until},
        reason="The payment gateway did not answer.",
    )


def _charge(payment: Payment, gateway: Gateway) -> Charge:
    """What the gateway is told; the payer is a customer of it from their first payment on."""
    return Charge(
        key=f"cy:{payment.pk}:intent",
        payment=str(payment.pk),
        reference=payment.reference,
        amount=minor_of(payment.amount, payment.currency),
        currency=payment.currency,
        fee=minor_of(payment.platform_fee, payment.currency),
        account=payment.destination_account,
        customer=_customer(payment.payer, gateway),
    )


def _customer(payer: User, gateway: Gateway) -> str:
    if payer.stripe_customer_id or gateway.name != GatewayName.STRIPE:
        return payer.stripe_customer_id or ""
    made = gateway.customer(user=str(payer.pk), key=f"cy:{payer.pk}:customer")
    User.objects.filter(pk=payer.pk, stripe_customer_id=None).update(stripe_customer_id=made)
    return made
