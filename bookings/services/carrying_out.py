"""Refunds on their way: the gateway is asked outside any transaction, as often as it takes."""

from uuid import UUID

from accounts.models import User
from bookings.choices import FactKind, GatewayName, RefundStatus
from bookings.flows import REFUND_FLOW
from bookings.gateways.choosing import gateway_named
from bookings.gateways.payments import (
    Fact,
    GatewayDownError,
    GatewayRefusalError,
    Report,
    minor_of,
)
from bookings.models import Payment, Refund
from bookings.payment_exceptions import GatewayMismatchError
from bookings.services.money_people import require_money_people
from bookings.services.payouts import take_back
from bookings.services.receiving import apply_report, lock_payment
from bookings.services.refund_results import complete_refund
from bookings.services.refunds import JOB
from config.shared import audit
from config.shared.clock import database_now
from config.shared.flows import move
from config.shared.jobs import RetryLaterError, defer
from config.shared.locks import lock
from config.shared.retries import retry_transaction


def carry_out_refund(*, refund_id: UUID) -> None:
    """Have the gateway give the money back, and note what it says. Bears repetition.

    The key of the call is the refund's own, so that a second call after a crash gives nothing
    back twice. Raises ``RetryLaterError`` while the gateway does not answer.
    """
    refund = _begin(refund_id)
    if refund is None:
        return
    take_back(refund=refund)
    payment = refund.payment
    key = f"cy:refund:{refund.pk}" + (f":{refund.attempts}" if refund.attempts > 1 else "")
    try:
        report = gateway_named(payment.gateway).refund(
            payment.stripe_payment_intent_id,
            amount=minor_of(refund.amount, refund.currency),
            currency=refund.currency,
            refund=refund.pk.hex,
            key=key,
        )
    except GatewayDownError as error:
        raise RetryLaterError("The gateway does not answer.", seconds=error.retry_after) from error
    except GatewayRefusalError as refusal:
        report = _refused(payment, refund, refusal.code)
    apply_report(payment=payment, report=report)


@retry_transaction
def retry_refund(*, refund: Refund, actor: User) -> Refund:
    """Have a refund that failed tried once more, as finance of the builder or as staff."""
    payment, refund = lock(refund.payment, refund)
    refund.payment = payment
    require_money_people(actor=actor, payment=payment, permission="bookings.refund_payment")
    attempts = refund.attempts + 1
    move(
        refund,
        RefundStatus.PROCESSING,
        flow=REFUND_FLOW,
        actor=actor,
        attempts=attempts,
        failure_code="",
    )
    if payment.gateway != GatewayName.OFFLINE:
        defer(JOB, refund_id=refund.pk)
    return refund


@retry_transaction
def confirm_refund_paid(*, refund: Refund, actor: User, note: str = "") -> Refund:
    """Note that a refund of money that came outside the gateway has been paid by hand."""
    payment = lock_payment(refund.payment)
    (refund,) = lock(refund)
    refund.payment = payment
    require_money_people(
        actor=actor, payment=payment, permission="bookings.confirm_offline_payment"
    )
    if payment.gateway != GatewayName.OFFLINE:
        raise GatewayMismatchError("The gateway carries this refund out.")
    if refund.status == RefundStatus.COMPLETED:
        REFUND_FLOW.check(refund.status, RefundStatus.COMPLETED)
    complete_refund(refund=refund, now=database_now())
    audit.record(
        "bookings.refund.confirmed_paid", target=refund, actor=actor, after={}, reason=note
    )
    return refund


@retry_transaction
def _begin(refund_id: UUID) -> Refund | None:
    """The refund, being processed from now on; None if there is nothing (more) to do."""
    refund = Refund.objects.select_related("payment").filter(pk=refund_id).first()
    if refund is None:
        return None
    payment, refund = lock(refund.payment, refund)
    refund.payment = payment
    if refund.status == RefundStatus.APPROVED:
        move(refund, RefundStatus.PROCESSING, flow=REFUND_FLOW, actor=None)
    return refund if refund.status == RefundStatus.PROCESSING else None


def _refused(payment: Payment, refund: Refund, code: str) -> Report:
    """A refusal, as a fact like any other."""
    fact = Fact(
        FactKind.REFUND_FAILED,
        f"refused:{refund.reference}:{refund.attempts}",
        refund.amount,
        refund.currency,
        code,
        refund.pk.hex,
    )
    return Report(intent=payment.stripe_payment_intent_id, facts=(fact,))
