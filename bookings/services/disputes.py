"""Disputes: the buyer objects, the money is frozen, and somebody of the staff decides.

While a sale is disputed its money goes nowhere: no code, no confirmation, no day that passes and
no refund but the decision moves it. Above the limit for refunds a decision is a proposal until a
second person agrees.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import DisputeOutcome, ReleaseState, TransactionStatus
from bookings.models import Transaction
from bookings.payment_exceptions import SamePersonError
from bookings.sale_exceptions import (
    DecisionWaitsError,
    DisputeTimeOverError,
    NoDecisionError,
    NotBuyerError,
    NotDisputedError,
    OwnSaleError,
)
from bookings.services.dispute_outcomes import carry_out_decision, checked_refund
from bookings.services.releasing import check_held, is_due
from bookings.services.sale_locks import lock_sale
from bookings.services.sale_notices import say, tell_of_dispute
from bookings.services.sale_states import shift
from config.shared import audit, metrics
from config.shared.clock import database_now
from config.shared.errors import NotAllowedError
from config.shared.retries import retry_transaction

PERMISSION = "bookings.decide_dispute"
# So long the buyer may still think it over after taking a dispute back.
AT_LEAST_LEFT = timedelta(days=1)


@retry_transaction
def open_dispute(*, sale: Transaction, actor: User, reason: str) -> Transaction:
    """Freeze the money because something is wrong with the thing, as its buyer.

    While the money is held, and not later than it would be released by itself. Raises
    ``NotBuyerError``, ``SaleDisputedError``, ``NotHeldError``, ``DisputeTimeOverError``.
    """
    if sale.buyer_id != actor.pk:
        raise NotBuyerError
    sale = lock_sale(sale=sale)
    check_held(sale)
    now = database_now()
    if is_due(sale, now):
        raise DisputeTimeOverError(auto_release_at=sale.auto_release_at, server_time=now)
    shift(
        sale,
        actor=actor,
        status=TransactionStatus.DISPUTED,
        release=ReleaseState.FROZEN,
        dispute_opened_at=now,
        dispute_opened_by=actor,
        dispute_reason=reason,
        **_no_decision(),
    )
    tell_of_dispute(sale)
    say(sale, "sale_disputed")
    metrics.count("sales", "disputed")
    return sale


@retry_transaction
def withdraw_dispute(*, sale: Transaction, actor: User) -> Transaction:
    """Take a dispute back, as the buyer: the money is held again, for a day at least.

    Raises ``NotBuyerError``, ``NotDisputedError``.
    """
    if sale.buyer_id != actor.pk:
        raise NotBuyerError
    sale = _disputed(sale)
    now = database_now()
    earliest = now + AT_LEAST_LEFT
    shift(
        sale,
        actor=actor,
        status=TransactionStatus.COMPLETED,
        release=ReleaseState.HELD,
        auto_release_at=max(sale.auto_release_at or earliest, earliest),
        **{
            **_no_decision(),
            "dispute_outcome": DisputeOutcome.WITHDRAWN,
            "dispute_decided_by": actor,
            "dispute_decided_at": now,
        },
    )
    say(sale, "dispute_withdrawn")
    return sale


@retry_transaction
def decide_dispute(
    *,
    sale: Transaction,
    actor: User,
    outcome: DisputeOutcome,
    note: str,
    refund_amount: Decimal | None = None,
) -> Transaction:
    """Decide where the money goes: to the seller, to the buyer, or in part to each.

    For staff who may, never in a sale of their own. ``refund_amount`` is the buyer's part of a
    split. Above the limit it waits for a second person. Raises ``NotAllowedError``,
    ``OwnSaleError``, ``NotDisputedError``, ``DecisionWaitsError``, ``InvalidInputError``.
    """
    _check_judge(sale, actor)
    sale = _disputed(sale)
    if sale.dispute_first_by_id is not None:
        raise DecisionWaitsError(current=sale.status)
    sale.dispute_refund = checked_refund(sale, outcome, refund_amount)
    sale.dispute_outcome, sale.dispute_note = outcome, note
    if sale.amount <= get_setting("second_person_above"):
        carry_out_decision(sale=sale, first=actor, second=None, now=database_now())
        return sale
    sale.dispute_first_by = actor
    sale.save(
        update_fields=[
            "dispute_refund",
            "dispute_outcome",
            "dispute_note",
            "dispute_first_by",
            "updated_at",
        ]
    )
    audit.record(
        "bookings.transaction.decision_proposed",
        target=sale,
        actor=actor,
        after={"outcome": sale.dispute_outcome, "refund": sale.dispute_refund},
        reason=note,
    )
    return sale


@retry_transaction
def agree_to_decision(*, sale: Transaction, actor: User) -> Transaction:
    """Agree, as a second person, to what the first decided; it is carried out.

    Raises ``NotAllowedError``, ``OwnSaleError``, ``NotDisputedError``, ``NoDecisionError``,
    ``SamePersonError``.
    """
    _check_judge(sale, actor)
    sale = _proposed(sale)
    if sale.dispute_first_by_id == actor.pk:
        raise SamePersonError
    carry_out_decision(sale=sale, first=sale.dispute_first_by, second=actor, now=database_now())
    return sale


@retry_transaction
def refuse_decision(*, sale: Transaction, actor: User, reason: str) -> Transaction:
    """Refuse what the first person decided, or take it back as that person; anew can be decided.

    Raises ``NotAllowedError``, ``OwnSaleError``, ``NotDisputedError``, ``NoDecisionError``.
    """
    _check_judge(sale, actor)
    sale = _proposed(sale)
    before = {"outcome": sale.dispute_outcome, "refund": sale.dispute_refund}
    values = _no_decision()
    for name, value in values.items():
        setattr(sale, name, value)
    sale.save(update_fields=[*values, "updated_at"])
    audit.record(
        "bookings.transaction.decision_refused",
        target=sale,
        actor=actor,
        before=before,
        reason=reason,
    )
    return sale


def may_judge(user: User) -> bool:
    """Whether ``user`` is one of the staff who decide disputes."""
    return user.is_active and user.is_staff and user.has_perm(PERMISSION)


def _check_judge(sale: Transaction, actor: User) -> None:
    if not may_judge(actor):
        raise NotAllowedError
    if actor.pk in {sale.buyer_id, sale.seller_id}:
        raise OwnSaleError


def _disputed(sale: Transaction) -> Transaction:
    sale = lock_sale(sale=sale)
    if sale.status != TransactionStatus.DISPUTED:
        raise NotDisputedError(sale.status, ())
    return sale


def _proposed(sale: Transaction) -> Transaction:
    sale = _disputed(sale)
    if sale.dispute_first_by_id is None:
        raise NoDecisionError(current=sale.status)
    return sale


def _no_decision() -> dict[str, Any]:
    return {
        "dispute_outcome": "",
        "dispute_note": "",
        "dispute_refund": None,
        "dispute_first_by": None,
        "dispute_decided_by": None,
        "dispute_decided_at": None,
    }
