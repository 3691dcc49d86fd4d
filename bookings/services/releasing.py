"""Held money becomes the seller's: by the handover, by the buyer's word, or after some days."""

from datetime import datetime

from accounts.models import User
from bookings.choices import ReleaseState, TransactionStatus
from bookings.models import Transaction
from bookings.sale_exceptions import NotBuyerError, NotHeldError, SaleDisputedError
from bookings.services.one_by_one import one_by_one
from bookings.services.payouts import owe_payout
from bookings.services.sale_ledger import post_release
from bookings.services.sale_locks import lock_sale
from bookings.services.sale_notices import say, tell_of_release
from bookings.services.sale_states import paid_by, shift
from config.shared import metrics
from config.shared.clock import database_now
from config.shared.retries import retry_transaction

BATCH = 500
BY_CODE, BY_BUYER, BY_TIME = "handover code", "confirmed by the buyer", "nobody objected in time"


@retry_transaction
def confirm_handover(*, sale: Transaction, actor: User) -> Transaction:
    """Release the money at the buyer's word, who has the thing; no code is needed for that.

    Raises ``NotBuyerError``, ``SaleDisputedError``, ``NotHeldError``.
    """
    if sale.buyer_id != actor.pk:
        raise NotBuyerError
    sale = lock_sale(sale=sale)
    check_held(sale)
    release(sale=sale, now=database_now(), actor=actor, reason=BY_BUYER, handed_over=True)
    return sale


def release_lapsed() -> int:
    """Release what nobody objected to in time; returns how many sales that was.

    Each has a transaction of its own, and is looked at once more under its product's lock: a
    dispute that came first wins.
    """
    due = Transaction.objects.due_for_release().select_related("product")
    return one_by_one(due.order_by("auto_release_at", "pk")[:BATCH], _release_if_due)


@retry_transaction
def _release_if_due(sale: Transaction) -> bool:
    sale = lock_sale(sale=sale)
    now = database_now()
    if not is_due(sale, now):
        return False
    release(sale=sale, now=now, actor=None, reason=BY_TIME)
    return True


def is_due(sale: Transaction, now: datetime) -> bool:
    """Whether the money is the seller's by now, whatever state is stored."""
    until = sale.auto_release_at
    return sale.release_state == ReleaseState.HELD and until is not None and until <= now


def check_held(sale: Transaction) -> None:
    """Raise ``SaleDisputedError`` or ``NotHeldError`` unless the money is held."""
    if sale.status == TransactionStatus.DISPUTED:
        raise SaleDisputedError(sale.status, ())
    if sale.release_state != ReleaseState.HELD:
        raise NotHeldError(sale.release_state, ())


def release(
    *,
    sale: Transaction,
    now: datetime,
    actor: User | None,
    reason: str,
    handed_over: bool = False,
    status: TransactionStatus | None = None,
) -> None:
    """Make what is held of a locked sale the seller's, and have it passed on."""
    payment = paid_by(sale)
    changes = {"handover_confirmed_at": now} if handed_over else {}
    shift(
        sale,
        actor=actor,
        status=status,
        release=ReleaseState.RELEASED,
        reason=reason,
        released_at=now,
        handover_code_hash="",
        **changes,
    )
    post_release(payment)
    owe_payout(sale=sale, payment=payment)
    tell_of_release(sale)
    say(sale, "sale_handed_over" if handed_over else "sale_released")
    metrics.count("sales", "released")
