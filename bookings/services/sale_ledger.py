"""What the ledger says of a sale beyond its charge, its capture and its refunds.

``release`` (held money is the seller's), ``payout:1`` (it was passed on to their account),
``payout_back:1`` (the gateway refused to) and for a refund after that ``reversal:RF…`` (it was
taken back from their account). A payout is written down before the gateway is asked for it, so
that a refund in the same moment knows of it.
"""

from decimal import Decimal

from bookings.choices import LedgerAccount
from bookings.models import LedgerEntry, Payment, Refund
from bookings.services.ledger import RELEASE, post

PAYOUT, PAYOUT_BACK, REVERSAL = "payout", "payout_back", "reversal"

_A = LedgerAccount


def held_of(payment: Payment) -> Decimal:
    """What is held of ``payment``, for the seller or for the buyer."""
    return -_balance(payment, _A.HELD)


def owed_to_seller(payment: Payment) -> Decimal:
    """What of ``payment`` is the seller's and not passed on; below zero: what they owe."""
    return -_balance(payment, _A.SELLER)


def post_release(payment: Payment) -> Decimal:
    """Book that what is held of ``payment`` is the seller's, and return how much that is."""
    amount = held_of(payment)
    post(payment=payment, step=RELEASE, entries={_A.HELD: amount, _A.SELLER: -amount})
    return amount


def open_payout(payment: Payment) -> tuple[int, Decimal] | None:
    """The number and amount of the payout that the gateway has not refused, if there is one."""
    number, refused = _count(payment, PAYOUT), _count(payment, PAYOUT_BACK)
    if number == refused:
        return None
    step = f"{PAYOUT}:{number}"
    return number, LedgerEntry.objects.get(payment=payment, step=step, account=_A.SELLER).amount


def post_payout(payment: Payment, amount: Decimal) -> int:
    """Book that ``amount`` is passed on to the seller; the number of this payout."""
    number = _count(payment, PAYOUT) + 1
    entries = {_A.SELLER: amount, _A.GATEWAY_CLEARING: -amount}
    post(payment=payment, step=f"{PAYOUT}:{number}", entries=entries)
    return number


def post_payout_back(payment: Payment, number: int, amount: Decimal) -> None:
    """Book that payout ``number`` of ``amount`` did not take place."""
    entries = {_A.GATEWAY_CLEARING: amount, _A.SELLER: -amount}
    post(payment=payment, step=f"{PAYOUT_BACK}:{number}", entries=entries)


def post_reversal(refund: Refund, amount: Decimal) -> None:
    """Book that ``amount`` was taken back from the seller's account for ``refund``."""
    entries = {_A.GATEWAY_CLEARING: amount, _A.SELLER: -amount}
    post(payment=refund.payment, step=f"{REVERSAL}:{refund.reference}", entries=entries)


def is_reversed(refund: Refund) -> bool:
    """Whether what ``refund`` gives back was taken from the seller's account already."""
    step = f"{REVERSAL}:{refund.reference}"
    return LedgerEntry.objects.filter(payment=refund.payment_id, step=step).exists()


def _count(payment: Payment, step: str) -> int:
    found = LedgerEntry.objects.filter(payment=payment, step__startswith=f"{step}:")
    return found.filter(account=_A.SELLER).count()


def _balance(payment: Payment, account: LedgerAccount) -> Decimal:
    return LedgerEntry.objects.filter(payment=payment, account=account).balance()
