"""Passing a seller's money on to their account, and taking it back for a refund.

A payout is booked first, then asked of the gateway outside any transaction with a key of its own,
as often as it takes. A seller without an account is asked for one; their money waits.
"""

import logging
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import User
from bookings.choices import GatewayName, ReleaseState, SaleMethod
from bookings.gateways.choosing import gateway_named
from bookings.gateways.payments import GatewayDownError, GatewayRefusalError, minor_of
from bookings.models import Payment, Refund, Transaction
from bookings.services.sale_ledger import (
    is_reversed,
    open_payout,
    owed_to_seller,
    post_payout,
    post_payout_back,
    post_reversal,
)
from bookings.services.sale_locks import lock_sale_payment
from bookings.services.sale_notices import tell_of_waiting_payout
from bookings.services.sale_states import paying
from bookings.services.subjects import sale_of
from config.shared import audit, metrics
from config.shared.jobs import RetryLaterError, defer, defer_once
from config.shared.retries import retry_transaction

JOB = "bookings.pay_out_sale"
# A payout that the gateway refused is tried again after this, and given up after so many times.
TRY_AGAIN_AFTER = timedelta(hours=6)
MOST_ATTEMPTS = 40
BATCH = 200
TEST_ACCOUNT = "test_"

logger = logging.getLogger(__name__)


def account_of(seller: User, gateway: str) -> str:
    """The account of ``seller`` at ``gateway``; empty if they have none there."""
    account = seller.stripe_connect_account_id or ""
    is_test = account.startswith(TEST_ACCOUNT)
    return account if is_test == (gateway == GatewayName.TEST) else ""


def owe_payout(*, sale: Transaction, payment: Payment) -> None:
    """Have released money passed on, in the open transaction; tell a seller who has no account."""
    if not account_of(sale.seller, payment.gateway):
        tell_of_waiting_payout(sale)
    defer(JOB, payment_id=payment.pk)


def pay_out(*, payment_id: UUID) -> None:
    """Pass what the seller is owed for a payment on to their account. Bears repetition.

    Raises ``RetryLaterError`` while the gateway does not answer.
    """
    found = _begin(payment_id)
    if found is None:
        return
    payment, number, amount = found
    try:
        name = gateway_named(payment.gateway).transfer(
            amount=minor_of(amount, payment.currency),
            currency=payment.currency,
            account=account_of(sale_of(payment).seller, payment.gateway),
            source=payment.stripe_charge_id,
            key=f"cy:{payment.pk}:payout:{number}",
        )
    except GatewayDownError as error:
        raise RetryLaterError("The gateway does not answer.", seconds=error.retry_after) from error
    except GatewayRefusalError as refusal:
        _note_refusal(payment=payment, number=number, code=refusal.code)
        return
    _note_transfer(payment=payment, name=name)


def waiting_payouts() -> QuerySet[Transaction]:
    """Released sales whose money the seller has not been sent, the oldest first."""
    sent = Payment.objects.exclude(stripe_transfer_id="", destination_account="")
    return (
        Transaction.objects.filter(
            release_state=ReleaseState.RELEASED, payment_method=SaleMethod.CARD
        )
        .exclude(pk__in=sent.filter(transaction__isnull=False).order_by().values("transaction"))
        .order_by("released_at", "pk")
    )


def retry_payouts(*, seller: User | None = None) -> int:
    """Hand payouts that wait to their job again; of one seller, or all that are due."""
    waiting = waiting_payouts()
    if seller is not None:
        waiting = waiting.filter(seller=seller)
    else:
        waiting = waiting.filter(seller__stripe_connect_account_id__isnull=False)
    count = 0
    for sale in waiting[:BATCH]:
        payment = paying(sale)
        if payment is not None and (seller is not None or _is_due(payment)):
            defer_once(f"payout:{payment.pk}", JOB, payment_id=payment.pk)
            count += 1
    return count


def take_back(*, refund: Refund) -> None:
    """Take what ``refund`` gives back from the seller's account, if it was sent there.

    Where the gateway refuses, the buyer gets their money all the same and the seller owes it; the
    ledger says so. Raises ``RetryLaterError`` while a payout is under way.
    """
    found = _to_reverse(refund_id=refund.pk)
    if found is None:
        return
    payment, amount = found
    try:
        gateway_named(payment.gateway).reverse(
            payment.stripe_transfer_id,
            amount=minor_of(amount, payment.currency),
            currency=payment.currency,
            key=f"cy:refund:{refund.pk}:reversal",
        )
    except GatewayDownError as error:
        raise RetryLaterError("The gateway does not answer.", seconds=error.retry_after) from error
    except GatewayRefusalError as refusal:
        logger.warning("%s could not be taken back from the seller: %s", refund, refusal.code)
        audit.record("bookings.refund.reversal_refused", target=refund, reason=refusal.code)
        return
    _note_reversal(refund=refund, amount=amount)


@retry_transaction
def _begin(payment_id: UUID) -> tuple[Payment, int, Decimal] | None:
    """The payout of a payment, booked from now on; None if there is nothing to pay, or nowhere."""
    payment = Payment.objects.filter(pk=payment_id, transaction__isnull=False).first()
    if payment is None:
        return None
    payment = lock_sale_payment(payment=payment)
    sale = sale_of(payment)
    has_account = bool(account_of(sale.seller, payment.gateway))
    if payment.stripe_transfer_id or payment.destination_account or not has_account:
        return None
    found = open_payout(payment)
    if found is None:
        amount = owed_to_seller(payment)
        if sale.release_state != ReleaseState.RELEASED or amount <= 0:
            return None
        found = post_payout(payment, amount), amount
    return payment, *found


@retry_transaction
def _note_transfer(*, payment: Payment, name: str) -> None:
    payment = lock_sale_payment(payment=payment)
    if payment.stripe_transfer_id:
        return
    payment.stripe_transfer_id = name
    payment.save(update_fields=["stripe_transfer_id", "updated_at"])
    audit.record("bookings.payment.paid_out", target=payment, after={"transfer": name})
    metrics.count("sales", "paid_out")


@retry_transaction
def _note_refusal(*, payment: Payment, number: int, code: str) -> None:
    payment = lock_sale_payment(payment=payment)
    found = open_payout(payment)
    if found is None or found[0] != number or payment.stripe_transfer_id:
        return
    post_payout_back(payment, *found)
    logger.warning("The payout of %s was refused: %s", payment, code)
    audit.record("bookings.payment.payout_refused", target=payment, reason=code)


@retry_transaction
def _to_reverse(*, refund_id: UUID) -> tuple[Payment, Decimal] | None:
    """The payment of a refund, and what of it is to be taken from the seller's account."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.payment.transaction_id is None or refund.payment.destination_account:
        return None
    payment = lock_sale_payment(payment=refund.payment)
    if is_reversed(refund) or open_payout(payment) is None:
        return None
    if not payment.stripe_transfer_id:
        raise RetryLaterError("The payout is under way.", seconds=10)
    amount = min(-owed_to_seller(payment), refund.amount - refund.platform_fee)
    return (payment, amount) if amount > 0 else None


@retry_transaction
def _note_reversal(*, refund: Refund, amount: Decimal) -> None:
    refund.payment = lock_sale_payment(payment=refund.payment)
    if not is_reversed(refund):
        post_reversal(refund, amount)


def _is_due(payment: Payment) -> bool:
    """Whether a payout may be tried (again): never refused, or some hours ago."""
    refused = payment.entries.filter(step__startswith="payout_back:", account="seller")
    if refused.filter(at__gt=Now() - TRY_AGAIN_AFTER).exists():
        return False
    return refused.count() < MOST_ATTEMPTS
