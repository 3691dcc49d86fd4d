"""The double-entry ledger: debits above zero, credits below, and each step adds up to nothing.

What a payment moves is booked in steps: ``charge`` (the customer owes, the builder and the
platform are owed), ``capture`` (the customer's debt is settled with money that the gateway, or
the builder itself, now has), and for each refund ``refund:RF…`` (it is owed to the customer) and
``refund_paid:RF…`` (it has left). Nothing is ever changed or taken out: a mistake is reversed.
"""

from collections.abc import Mapping
from decimal import Decimal

from bookings.choices import GatewayName, LedgerAccount
from bookings.models import LedgerEntry, Payment, Refund

CHARGE, CAPTURE = "charge", "capture"

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
    amount, fee = payment.amount, payment.platform_fee
    post(
        payment=payment,
        step=CHARGE,
        entries={_A.CUSTOMER: amount, _A.BUILDER: fee - amount, _A.PLATFORM_FEE: -fee},
    )
    entries = {_place_of(payment): amount, _A.CUSTOMER: -amount}
    post(payment=payment, step=CAPTURE, entries=entries)


def post_refund(refund: Refund) -> None:
    """Book that ``refund`` is owed to the customer, by the builder and, for its fee, by us."""
    amount, fee = refund.amount, refund.platform_fee
    post(
        payment=refund.payment,
        step=f"refund:{refund.reference}",
        entries={_A.BUILDER: amount - fee, _A.PLATFORM_FEE: fee, _A.REFUND: -amount},
    )


def post_refund_paid(refund: Refund) -> None:
    """Book that ``refund`` has left."""
    entries = {_A.REFUND: refund.amount, _place_of(refund.payment): -refund.amount}
    post(payment=refund.payment, step=f"refund_paid:{refund.reference}", entries=entries)


def _place_of(payment: Payment) -> LedgerAccount:
    """Where the money of ``payment`` is: offline money went to the builder directly."""
    offline = payment.gateway == GatewayName.OFFLINE
    return LedgerAccount.BUILDER if offline else LedgerAccount.GATEWAY_CLEARING
