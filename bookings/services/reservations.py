"""Reservations beyond offers: kept by the seller for somebody, and given up by either side."""

from datetime import timedelta
from decimal import Decimal

from accounts.exceptions import NotYourselfError
from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import TransactionOrigin, TransactionStatus
from bookings.flows import TRANSACTION_FLOW
from bookings.models import Offer, Transaction
from bookings.offer_exceptions import NoContactError
from bookings.product_exceptions import ReservationPaidError
from bookings.services.offer_rules import check_between, check_price
from bookings.services.product_claims import (
    claim_product,
    lost_claim,
    release_claim,
    settle_product,
)
from bookings.services.reservation_notices import tell_of_cancellation, tell_of_reservation
from catalog.models import Product
from config.shared.clock import database_now
from config.shared.errors import (
    AlreadyClaimedError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
)
from config.shared.locks import lock
from config.shared.retries import retry_transaction
from messaging.models import Conversation


def reserve_product(
    *, product: Product, actor: User, buyer: User, price: Decimal | None = None
) -> Transaction:
    """Keep ``product`` for ``buyer`` for some hours, at ``price`` (its own, when left out).

    For the seller, and for a buyer who has asked about the product or made an offer for it.
    Raises ``NotAllowedError``, ``NotYourselfError``, ``NoContactError``, ``NotReachableError``,
    ``InvalidInputError`` for a price above the product's, ``ProductUnavailableError`` and
    ``AlreadyClaimedError``.
    """
    outcome = _reserve(product, actor, buyer, price)
    if isinstance(outcome, AlreadyClaimedError):
        raise outcome
    return outcome


@retry_transaction
def cancel_reservation(*, transaction: Transaction, actor: User, reason: str = "") -> Transaction:
    """Give up a reservation that is not paid; the product is for sale again.

    For the buyer, and for the seller with a reason. Raises ``NotAllowedError``,
    ``InvalidInputError`` without a reason, ``ReservationPaidError`` once the money is there, and
    ``InvalidTransitionError`` for what has ended already.
    """
    if actor.pk not in {transaction.buyer_id, transaction.seller_id}:
        raise NotAllowedError
    reason = reason.strip()
    if actor.pk == transaction.seller_id and not reason:
        raise InvalidInputError.at("/reason", "required", "Tell the buyer why.")
    product, sale = lock(transaction.product, transaction)
    now = database_now()
    if sale.completed_at is not None:
        raise ReservationPaidError(sale.status, TRANSACTION_FLOW.allowed(sale.status))
    if settle_product(product=product, now=now) is None:
        raise InvalidTransitionError(TransactionStatus.FAILED, ())
    ended = release_claim(transaction=sale, now=now, reason=reason, actor=actor)
    tell_of_cancellation(sale=ended, actor=actor)
    return ended


@retry_transaction
def _reserve(
    product: Product, actor: User, buyer: User, price: Decimal | None
) -> Transaction | AlreadyClaimedError:
    (product,) = lock(product)
    now = database_now()
    if product.seller_id != actor.pk:
        raise NotAllowedError
    if buyer.pk == actor.pk:
        raise NotYourselfError
    check_contact(product, buyer)
    check_between(buyer=buyer, seller=actor)
    amount = check_price(product.price if price is None else price, product)
    try:
        sale = claim_product(
            product=product,
            buyer=buyer,
            amount=amount,
            origin=TransactionOrigin.SELLER,
            until=now + timedelta(hours=get_setting("reservation_hours")),
            actor=actor,
        )
    except AlreadyClaimedError as refusal:
        return lost_claim(refusal=refusal, product=product, who=buyer, asked_at=now, now=now)
    tell_of_reservation(sale=sale)
    return sale


def check_contact(product: Product, buyer: User) -> None:
    """Raise ``NoContactError`` for somebody who has neither asked about nor bid for ``product``."""
    asked = Conversation.objects.filter(product=product, buyer=buyer)
    offered = Offer.objects.filter(product=product, buyer=buyer)
    if not (asked.exists() or offered.exists()):
        raise NoContactError
