"""The two states of a sale, which change together: how it stands, and where its money is."""

from typing import Any

from accounts.models import User
from bookings.choices import ReleaseState, TransactionStatus
from bookings.flows import RELEASE_FLOW, TRANSACTION_FLOW
from bookings.models import Payment, Transaction
from config.shared.flows import move


def shift(
    sale: Transaction,
    *,
    actor: User | None,
    status: TransactionStatus | None = None,
    release: ReleaseState | None = None,
    reason: str = "",
    **changes: Any,
) -> None:
    """Move a locked sale, or its money, or both at once, and write down who did it and why.

    Raises ``InvalidTransitionError`` where either flow has no such move; then nothing changes.
    """
    if release is not None:
        RELEASE_FLOW.check(sale.release_state, release)
    if status is not None:
        values = {"release_state": sale.release_state if release is None else release, **changes}
        move(sale, status, flow=TRANSACTION_FLOW, actor=actor, reason=reason, **values)
    elif release is not None:
        move(
            sale,
            release,
            flow=RELEASE_FLOW,
            field="release_state",
            actor=actor,
            reason=reason,
            **changes,
        )


def paying(sale: Transaction) -> Payment | None:
    """The payment whose money the sale lives by; None for one that is not paid, or in cash."""
    return Payment.objects.received().filter(transaction=sale).that_count().first()


def paid_by(sale: Transaction) -> Payment:
    """``paying``, of a sale that was paid through a gateway."""
    payment = paying(sale)
    if payment is None:
        raise LookupError(f"{sale} has no payment.")
    return payment
