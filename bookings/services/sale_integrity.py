"""Whether the ledger of a payment for a product is what follows from it, step by step.

What a refund takes from, held money or the seller's, depends on when it came; so the steps beyond
charge and capture are looked at one by one, and then what all of them add up to.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bookings.choices import (
    LedgerAccount,
    RefundStatus,
    ReleaseState,
    SaleMethod,
    TransactionStatus,
)
from bookings.models import Payment, Refund, Transaction
from bookings.services.ledger import RELEASE, steps_of_receipt
from bookings.services.sale_ledger import PAYOUT, PAYOUT_BACK, REVERSAL
from bookings.services.sale_states import paying
from catalog.choices import ProductStatus

Lines = dict[tuple[str, str], Decimal]
Step = dict[str, Decimal]

NOT_OWED = (RefundStatus.REQUESTED, RefundStatus.REJECTED)
CLEARING, HELD, SELLER = (
    LedgerAccount.GATEWAY_CLEARING,
    LedgerAccount.HELD,
    LedgerAccount.SELLER,
)
BATCH = 500


def sale_faults(payment: Payment, refunds: list[Refund], lines: Lines) -> Iterator[str]:
    """What in the ledger of a payment for a sale contradicts it, in words."""
    steps: dict[str, Step] = defaultdict(dict)
    for (step, account), amount in lines.items():
        steps[step][account] = amount
    if payment.completed_at is None:
        if steps:
            yield "it has not arrived, and stands in the ledger."
        return
    for step, wanted in steps_of_receipt(payment).items():
        if steps.pop(step, {}) != _even(wanted):
            yield f"its {step} in the ledger is another."
    for refund in refunds:
        yield from _refund_faults(refund, steps)
    for step, entries in steps.items():
        if not _is_passing_on(step, entries):
            yield f"{step} stands in the ledger without a reason."
    yield from _balance_faults(payment, lines)


def check_sales() -> Iterator[str]:
    """What contradicts itself between sales, their money and their products, in words."""
    sales = Transaction.objects.select_related("product").order_by("pk")
    page = list(sales[:BATCH])
    while page:
        for sale in page:
            yield from (f"{sale}: {sentence}" for sentence in _state_faults(sale))
        page = list(sales.filter(pk__gt=page[-1].pk)[:BATCH])


def _refund_faults(refund: Refund, steps: dict[str, Step]) -> Iterator[str]:
    owed = steps.pop(f"refund:{refund.reference}", {})
    left = steps.pop(f"refund_paid:{refund.reference}", {})
    net, fee = refund.amount - refund.platform_fee, refund.platform_fee
    wanted: list[Step] = [{}]
    if refund.status not in NOT_OWED:
        shared = {LedgerAccount.PLATFORM_FEE: fee, LedgerAccount.REFUND: -refund.amount}
        wanted = [_even({side: net, **shared}) for side in (HELD, SELLER)]
    if owed not in wanted:
        yield f"{refund} in the ledger is another."
    done = refund.status == RefundStatus.COMPLETED
    paid = {LedgerAccount.REFUND: refund.amount, CLEARING: -refund.amount}
    if left != (_even(paid) if done else {}):
        yield f"the payment of {refund} in the ledger is another."


def _is_passing_on(step: str, entries: Step) -> bool:
    """Whether ``step`` moves one sum between two accounts in the way of its kind."""
    kind = step.partition(":")[0]
    ways = {
        RELEASE: (HELD, SELLER),
        PAYOUT: (SELLER, CLEARING),
        PAYOUT_BACK: (CLEARING, SELLER),
        REVERSAL: (CLEARING, SELLER),
    }
    if kind not in ways:
        return False
    debit, credit = ways[kind]
    return entries.keys() == {debit, credit} and entries[debit] > 0


def _balance_faults(payment: Payment, lines: Lines) -> Iterator[str]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (_, account), amount in lines.items():
        sums[account] += amount
    released = any(step == RELEASE for step, _ in lines)
    if sums[HELD] > 0 or (released and sums[HELD] != 0):
        yield "more was released or given back than was held."
    if sums[LedgerAccount.CUSTOMER] != 0:
        yield "its buyer still owes something in the ledger."
    passed = any(step.startswith(f"{PAYOUT}:") for step, _ in lines)
    if payment.stripe_transfer_id and not passed:
        yield "it was passed on, and the ledger does not say so."


def _state_faults(sale: Transaction) -> Iterator[str]:
    paid = sale.status in {TransactionStatus.COMPLETED, TransactionStatus.DISPUTED}
    if paid and sale.product.status not in {ProductStatus.SOLD, ProductStatus.REMOVED}:
        yield f"it is paid, and its product is {sale.product.status}."
    if sale.completed_at is None or sale.payment_method != SaleMethod.CARD:
        return
    payment = paying(sale)
    if payment is None:
        yield "it is paid by card, and no payment says so."
        return
    if (payment.amount, payment.platform_fee) != (sale.amount, sale.platform_fee):
        yield "its amount or fee is not that of its payment."
    steps = set(payment.entries.order_by().values_list("step", flat=True))
    is_free = RELEASE in steps or bool(payment.destination_account)
    if is_free != (sale.released_at is not None):
        yield "its release contradicts the ledger."
    if sale.release_state in {ReleaseState.HELD, ReleaseState.FROZEN} and is_free:
        yield "its money is held, and the ledger has released it."


def _even(entries: dict[Any, Decimal]) -> Step:
    return {str(account): amount for account, amount in entries.items() if amount}
