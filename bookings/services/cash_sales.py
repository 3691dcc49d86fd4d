"""Sales that are paid in cash when the two meet: no money passes through here, and no fee is due.

The seller says that it was paid, the buyer confirms it. Until then the thing stays reserved; what
nobody confirms in time lapses like any reservation.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.exceptions import NotYourselfError
from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import ReleaseState, SaleMethod, TransactionOrigin, TransactionStatus
from bookings.models import Transaction
from bookings.sale_exceptions import NotBuyerError, NotCashError, ReservationLapsedError
from bookings.services.offer_rules import check_between, check_price
from bookings.services.open_payments import cancel_sale_payments
from bookings.services.product_claims import (
    claim_product,
    has_lapsed,
    lost_claim,
    settle_product,
    taken,
)
from bookings.services.releasing import confirm_handover
from bookings.services.reservations import check_contact
from bookings.services.sale_locks import lock_sale
from bookings.services.sale_notices import say, tell_of_cash, tell_of_cash_sale
from bookings.services.sale_receiving import mark_sold
from bookings.services.sale_states import shift
from catalog.models import Product
from config.shared import audit, metrics
from config.shared.clock import database_now
from config.shared.errors import AlreadyClaimedError, NotAllowedError
from config.shared.locks import lock
from config.shared.retries import retry_transaction


def sell_for_cash(
    *, product: Product, actor: User, buyer: User, amount: Decimal | None = None
) -> Transaction:
    """Say that ``buyer`` paid for ``product`` in cash, as its seller; the buyer confirms it.

    For a buyer who has it reserved (at the price of the reservation), or has asked about it or
    made an offer for it. Saying it again changes nothing. Raises ``NotAllowedError``,
    ``NotYourselfError``, ``NoContactError``, ``NotReachableError``, ``InvalidInputError``,
    ``ProductUnavailableError`` and ``AlreadyClaimedError`` where somebody else has it.
    """
    outcome = _sell(product, actor, buyer, amount)
    if isinstance(outcome, AlreadyClaimedError):
        raise outcome
    return outcome


@retry_transaction
def _sell(
    product: Product, actor: User, buyer: User, amount: Decimal | None
) -> Transaction | AlreadyClaimedError:
    (product,) = lock(product)
    now = database_now()
    if product.seller_id != actor.pk:
        raise NotAllowedError
    if buyer.pk == actor.pk:
        raise NotYourselfError
    sale = settle_product(product=product, now=now)
    if sale is None:
        return _claim(product, buyer, amount, now)
    mine = sale.buyer_id == buyer.pk and sale.status == TransactionStatus.PENDING
    if not mine:
        refusal = taken(product=product, sale=sale, buyer=buyer, now=now)
        return lost_claim(refusal=refusal, product=product, who=buyer, asked_at=now, now=now)
    if sale.cash_marked_at is not None:
        return sale
    return _mark(lock_sale(sale=sale), now)


def _claim(product: Product, buyer: User, amount: Decimal | None, now: datetime) -> Transaction:
    check_contact(product, buyer)
    check_between(buyer=buyer, seller=product.seller)
    sale = claim_product(
        product=product,
        buyer=buyer,
        amount=check_price(product.price if amount is None else amount, product),
        origin=TransactionOrigin.SELLER,
        until=_until(now),
        method=SaleMethod.CASH,
        actor=product.seller,
    )
    sale.product = product
    return _mark(sale, now)


def _mark(sale: Transaction, now: datetime) -> Transaction:
    """Note that the seller has the cash: nobody pays by card any more, and no fee is due."""
    product, until = sale.product, max(sale.reserved_until, _until(now))
    cancel_sale_payments(transaction=sale)
    sale.payment_method, sale.cash_marked_at = SaleMethod.CASH, now
    sale.platform_fee, sale.seller_payout = Decimal(0), sale.amount
    sale.reserved_until = until
    sale.save(
        update_fields=[
            "payment_method",
            "cash_marked_at",
            "platform_fee",
            "seller_payout",
            "reserved_until",
            "updated_at",
        ]
    )
    product.claimed_until = until
    product.save(update_fields=["claimed_until", "updated_at"])
    audit.record("bookings.transaction.cash_marked", target=sale, actor=sale.seller)
    tell_of_cash(sale)
    say(sale, "sale_cash")
    return sale


def confirm_sale(*, sale: Transaction, actor: User) -> Transaction:
    """Confirm as the buyer that one has the thing, paid through a gateway or in cash.

    See ``confirm_cash`` and ``confirm_handover``.
    """
    is_cash = sale.payment_method == SaleMethod.CASH
    return (confirm_cash if is_cash else confirm_handover)(sale=sale, actor=actor)


@retry_transaction
def confirm_cash(*, sale: Transaction, actor: User) -> Transaction:
    """Confirm, as the buyer, that it was paid in cash and handed over: it is sold.

    Raises ``NotBuyerError``, ``NotCashError``, ``ReservationLapsedError``.
    """
    if sale.buyer_id != actor.pk:
        raise NotBuyerError
    sale = lock_sale(sale=sale)
    now = database_now()
    if sale.status != TransactionStatus.PENDING or sale.cash_marked_at is None:
        raise NotCashError(sale.status, ())
    if has_lapsed(sale, now):
        raise ReservationLapsedError(current=TransactionStatus.FAILED)
    shift(
        sale,
        actor=actor,
        status=TransactionStatus.COMPLETED,
        release=ReleaseState.RELEASED,
        completed_at=now,
        released_at=now,
        handover_confirmed_at=now,
    )
    mark_sold(sale, now)
    tell_of_cash_sale(sale)
    say(sale, "cash_confirmed")
    metrics.count("sales", "cash")
    return sale


def _until(now: datetime) -> datetime:
    return now + timedelta(hours=get_setting("reservation_hours"))
