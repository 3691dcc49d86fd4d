"""The double-entry ledger: debits above zero, credits below, and each step adds up to nothing.

What a payment moves is booked in steps: ``charge`` (the customer owes, the builder and the
platform are owed), ``capture`` (the customer's debt is settled with money that the gateway, or
the builder itself, now has), and for each refund ``refund:RF…`` (it is owed to the customer) and
``refund_paid:RF…`` (it has left). Nothing is ever changed or taken out: a mistake is reversed.

What a seller is owed for a sale is ``held`` first and theirs after the step ``release``; the steps
that follow are in ``sale_ledger``.
"""

from collections.abc import Mapping
from decimal import Decimal

from bookings.choices import GatewayName, LedgerAccount, RefundStatus
from bookings.models import LedgerEntry, Payment, Refund

CHARGE, CAPTURE, RELEASE = "charge", "capture", "release"

# Accounts and amounts by step.
Steps = dict[str, dict[LedgerAccount, Decimal]]

_A = LedgerAccount


class UnbalancedError(ValueError):
    """The entries of a step do not add up to nothing."""


def post(*, payment: Payment, step: str, entries: Mapping[LedgerAccount, Decimal]) -> None:
    """Book ``step`` of ``payment``, in the open transaction; lines of nothing are left out.

    A step is booked once: the second time the database refuses it.
    """
    if sum(entries.values(), Decimal(0)) != 0:
        raise UnbalancedError(f"{step}: {dict(entries)}")
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            payment=payment, step=step, account=account, amount=amount, currency=payment.currency
        )
        for account, amount in entries.items()
        if amount
    )


def post_receipt(payment: Payment) -> None:
    """Book that ``payment`` arrived: what it was for, and where the money is."""
    for step, entries in steps_of_receipt(payment).items():
        post(payment=payment, step=step, entries=entries)


def post_refund(refund: Refund) -> None:
    """Book that ``refund`` is owed to the customer, by the builder and, for its fee, by us."""
    post(payment=refund.payment, step=f"refund:{refund.reference}", entries=_owed(refund))


def post_refund_paid(refund: Refund) -> None:
    """Book that ``refund`` has left."""
    step = f"refund_paid:{refund.reference}"
    post(payment=refund.payment, step=step, entries=_left(refund))


def steps_of_receipt(payment: Payment) -> Steps:
    """What the ledger says of a payment that arrived."""
    amount, fee = payment.amount, payment.platform_fee
    return {
        CHARGE: {_A.CUSTOMER: amount, first_owed(payment): fee - amount, _A.PLATFORM_FEE: -fee},
        CAPTURE: {_place_of(payment): amount, _A.CUSTOMER: -amount},
    }


def steps_of_refund(refund: Refund) -> Steps:
    """What the ledger says of a refund in its present state."""
    steps: Steps = {}
    if refund.status not in {RefundStatus.REQUESTED, RefundStatus.REJECTED}:
        steps[f"refund:{refund.reference}"] = _owed(refund)
    if refund.status == RefundStatus.COMPLETED:
        steps[f"refund_paid:{refund.reference}"] = _left(refund)
    return steps


def first_owed(payment: Payment) -> LedgerAccount:
    """Who is owed what a payment brings, when it arrives."""
    if payment.transaction_id is None:
        return _A.BUILDER
    return _A.SELLER if payment.destination_account else _A.HELD


def _owed_now(payment: Payment) -> LedgerAccount:
    """Out of whose money a refund is paid: held money that was released is the seller's."""
    first = first_owed(payment)
    if first != _A.HELD:
        return first
    released = LedgerEntry.objects.filter(payment=payment, step=RELEASE).exists()
    return _A.SELLER if released else _A.HELD


def _owed(refund: Refund) -> dict[LedgerAccount, Decimal]:
    amount, fee = refund.amount, refund.platform_fee
    return {_owed_now(refund.payment): amount - fee, _A.PLATFORM_FEE: fee, _A.REFUND: -amount}


def _left(refund: Refund) -> dict[LedgerAccount, Decimal]:
    return {_A.REFUND: refund.amount, _place_of(refund.payment): -refund.amount}


def _place_of(payment: Payment) -> LedgerAccount:
    """Where the money of ``payment`` is: offline money went to the builder directly."""
    offline = payment.gateway == GatewayName.OFFLINE
    return LedgerAccount.BUILDER if offline else LedgerAccount.GATEWAY_CLEARING
