"""What is true of a product now: who has claimed it, until when, and who came second.

Nothing here depends on a job. Whoever decides about a product locks it, settles it, and then
looks; the sweeper does the same for products that nobody asks about. A claim is a live
transaction, of which the database allows one per product; the product's own state is its shadow.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.db.transaction import atomic

from accounts.models import User
from bookings.choices import (
    ClaimOutcome,
    ReleaseState,
    SaleMethod,
    TransactionOrigin,
    TransactionStatus,
)
from bookings.flows import TRANSACTION_FLOW
from bookings.models import Offer, Transaction
from bookings.product_exceptions import ProductUnavailableError, SaleOpenError
from bookings.services.claim_log import place_of
from bookings.services.open_payments import cancel_sale_payments
from bookings.services.product_claim_log import log_ended, log_lost, log_won
from bookings.services.references import TRANSACTION, next_reference
from bookings.services.reservation_notices import publish_sale, tell_of_lapse
from bookings.services.sale_fees import fee_for_sale
from catalog.choices import ProductStatus
from catalog.flows import PRODUCT_FLOW
from catalog.models import Product
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import AlreadyClaimedError
from config.shared.flows import move
from config.shared.locks import lock

ONE_LIVE = "bookings_transaction_one_live"
LAPSED = "lapsed"
# Money that is here, and neither the seller's nor the buyer's again.
KEPT = (ReleaseState.HELD, ReleaseState.FROZEN)


def claim_product(
    *,
    product: Product,
    buyer: User,
    amount: Decimal,
    origin: TransactionOrigin,
    until: datetime,
    offer: Offer | None = None,
    method: SaleMethod = SaleMethod.CARD,
    actor: User | None = None,
) -> Transaction:
    """Reserve ``product`` for ``buyer`` at ``amount`` until ``until``, in the open transaction.

    The caller holds the lock on the product. What has lapsed is ended first, so of any number of
    simultaneous callers exactly one succeeds; a constraint of the database is the second net.
    ``actor`` is who made it happen.

    Raises ``AlreadyClaimedError`` with when it may be free and never who has it (``lost_claim``
    writes that down), and ``ProductUnavailableError`` for what is not on sale.
    """
    now = database_now()
    sale = settle_product(product=product, now=now)
    if sale is not None:
        raise taken(product=product, sale=sale, buyer=buyer, now=now)
    if product.status != ProductStatus.ACTIVE:
        raise unavailable(product)
    terms: dict[str, Any] = {
        "origin": origin,
        "offer": offer,
        "payment_method": method,
        "reserved_until": until,
        "created_at": now,
    }
    try:
        with atomic():
            made = _insert(product, buyer, amount, terms)
    except IntegrityError as error:
        # Nobody gets here past the lock; were it not taken, the database would still refuse.
        if ONE_LIVE not in str(error):
            raise
        first = Transaction.objects.live().get(product=product)
        raise taken(product=product, sale=first, buyer=buyer, now=now) from error
    _begin(made, product, actor)
    return made


def settle_product(*, product: Product, now: datetime) -> Transaction | None:
    """End the reservation of ``product`` if its time is over; the sale that claims it now.

    In the open transaction: the product is locked, and ``now`` was read after that.
    """
    sale = Transaction.objects.live().filter(product=product).first()
    if sale is None or not has_lapsed(sale, now):
        return sale
    (sale,) = lock(sale)
    sale.product = product
    _end(sale, now, reason=LAPSED, actor=None, outcome=ClaimOutcome.EXPIRED)
    tell_of_lapse(sale=sale)
    return None


def release_claim(
    *, transaction: Transaction, now: datetime, reason: str, actor: User | None
) -> Transaction:
    """End a reservation that is not paid, in the open transaction; the product is free again.

    The product and the transaction are locked. What was being paid is called off; money that
    comes nevertheless is given back. Raises ``InvalidTransitionError`` once it is paid or over.
    """
    TRANSACTION_FLOW.check(transaction.status, TransactionStatus.FAILED)
    product, sale = lock(transaction.product, transaction)
    sale.product = product
    _end(sale, now, reason=reason, actor=actor, outcome=ClaimOutcome.RELEASED)
    cancel_sale_payments(transaction=sale)
    return sale


def let_go(
    *, product: Product, actor: User | None, now: datetime, reason: str
) -> Transaction | None:
    """End the reservation of ``product``, which is about to be removed; the one that it ended.

    The product is locked. Raises ``SaleOpenError`` while money for it is held or disputed.
    """
    sale = settle_product(product=product, now=now)
    if sale is None:
        return None
    if sale.status != TransactionStatus.PENDING:
        if sale.release_state in KEPT:
            raise SaleOpenError(current=product.status)
        return None
    ended = release_claim(transaction=sale, now=now, reason=reason, actor=actor)
    product.refresh_from_db(fields=["status", "claimed_until"])
    return ended


def has_lapsed(sale: Transaction, now: datetime) -> bool:
    """Whether the time of a reservation is over, whatever state is stored."""
    return sale.status == TransactionStatus.PENDING and sale.reserved_until <= now


def taken(
    *, product: Product, sale: Transaction, buyer: User, now: datetime
) -> AlreadyClaimedError:
    """The refusal of ``buyer``, because ``sale`` has the product: never who is behind it."""
    own = sale.buyer_id == buyer.pk
    waits = sale.status == TransactionStatus.PENDING
    return AlreadyClaimedError(
        product=str(product.pk),
        transaction=str(sale.pk) if own else None,
        current=product.status,
        free_at=sale.reserved_until if waits else None,
        server_time=now,
    )


def lost_claim(
    *, refusal: AlreadyClaimedError, product: Product, who: User, asked_at: datetime, now: datetime
) -> AlreadyClaimedError:
    """``refusal`` with the place of ``who`` among those who asked, which is written down.

    In the transaction that holds the product's lock: return the refusal from it and raise it
    outside, so that what is written stays.
    """
    sale = Transaction.objects.live().get(product=product)
    row = log_lost(
        product=product, who=who, asked_at=asked_at, now=now, reason=refusal.code, to=sale
    )
    own = sale.buyer_id == who.pk
    refusal.extra["your_place"] = None if own else place_of(claim=row)
    return refusal


def unavailable(product: Product) -> ProductUnavailableError:
    """The refusal of anybody who wants ``product``, which is not on sale."""
    return ProductUnavailableError(
        product.status, PRODUCT_FLOW.allowed(product.status), free_at=product.claimed_until
    )


def _insert(product: Product, buyer: User, amount: Decimal, terms: dict[str, Any]) -> Transaction:
    fees = fee_for_sale(product=product, buyer=buyer, amount=amount)
    return Transaction.objects.create(
        reference=next_reference(TRANSACTION),
        product=product,
        buyer=buyer,
        seller=product.seller,
        amount=amount,
        currency=product.currency,
        platform_fee=fees.platform_fee,
        seller_payout=amount - fees.platform_fee,
        feed_type=fees.feed_type or product.feed_type,
        **terms,
    )


def _begin(sale: Transaction, product: Product, actor: User | None) -> None:
    move(
        product,
        ProductStatus.RESERVED,
        flow=PRODUCT_FLOW,
        actor=actor,
        claimed_until=sale.reserved_until,
    )
    audit.record(
        "bookings.transaction.reserved",
        target=sale,
        actor=actor,
        after={"product": product.pk, "buyer": sale.buyer_id, "amount": sale.amount},
    )
    log_won(sale=sale)
    publish_sale(sale=sale)


def _end(
    sale: Transaction, now: datetime, *, reason: str, actor: User | None, outcome: ClaimOutcome
) -> None:
    move(
        sale,
        TransactionStatus.FAILED,
        flow=TRANSACTION_FLOW,
        actor=actor,
        ended_reason=reason[:200],
    )
    move(
        sale.product,
        ProductStatus.ACTIVE,
        flow=PRODUCT_FLOW,
        actor=actor,
        claimed_until=None,
    )
    log_ended(sale=sale, outcome=outcome, now=now)
    publish_sale(sale=sale)
