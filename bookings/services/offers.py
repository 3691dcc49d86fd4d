"""Offers for products: made, answered with another, accepted, declined, taken back.

Everybody who changes an offer holds the lock of its product, so that what is decided about one
product is decided one after the other.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import TransactionOrigin
from bookings.flows import OFFER_FLOW
from bookings.market_choices import OfferStatus
from bookings.models import Offer, Transaction
from bookings.models.offers import LONGEST_CHAIN
from bookings.offer_exceptions import (
    ChainOverError,
    CurrencyChangedError,
    OfferOpenError,
    PriceCameDownError,
)
from bookings.services import offer_notices as notices
from bookings.services.offer_rules import (
    History,
    check_ask,
    check_available,
    check_between,
    check_bid,
    check_buyer,
    check_phone,
    check_times,
    decided_at_once,
)
from bookings.services.offer_turns import (
    Turn,
    begin_turn,
    end,
    end_offers,
    expire,
    has_expired,
)
from bookings.services.product_claims import claim_product, lost_claim, settle_product
from catalog.models import Product
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import AlreadyClaimedError, DomainError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.money import written
from config.shared.retries import retry_transaction
from messaging.services.conversations import open_product_conversation

# In the words of the audit: which is the staff's alone to read.
BY_RULE = "threshold"


@retry_transaction
def make_offer(
    *,
    buyer: User,
    product: Product,
    price: Decimal,
    message: str = "",
    expires_in_hours: int | None = None,
) -> Offer:
    """Offer ``price`` for ``product``; the offer stands in the conversation of the two.

    It waits for ``expires_in_hours`` (the site's setting, when left out), unless one of the
    seller's thresholds decides it at once. Raises what ``check_buyer``, ``check_times`` and
    ``check_bid`` raise, and ``OfferOpenError`` while the two have an open offer.
    """
    (product,) = lock(product)
    now = database_now()
    settle_product(product=product, now=now)
    check_buyer(product=product, buyer=buyer)
    _check_nothing_open(product, buyer, now)
    check_times(product=product, buyer=buyer, now=now)
    history = History.of(product=product, buyer=buyer)
    price = check_bid(price=price, product=product, history=history)
    conversation = open_product_conversation(product=product, buyer=buyer, counted=False)
    offer = Offer(
        product=product,
        conversation=conversation,
        buyer=buyer,
        seller=product.seller,
        proposer=buyer,
        offered_price=price,
        message=message.strip(),
    )
    return _propose(offer, now, expires_in_hours)


def counter_offer(
    *,
    offer: Offer,
    actor: User,
    price: Decimal,
    message: str = "",
    expires_in_hours: int | None = None,
) -> Offer:
    """Answer ``offer`` with another price, and return that new offer.

    For the other side of whoever made it. Raises what ``begin_turn``, ``check_bid`` and
    ``check_ask`` raise, ``ChainOverError`` after ten moves, and ``ProductUnavailableError``.
    """
    return _or_raise(_counter(offer, actor, price, message.strip(), expires_in_hours))


def accept_offer(*, offer: Offer, actor: User) -> Offer:
    """Agree to ``offer``: its product is reserved for the buyer for some hours.

    For the other side of whoever made it. Other offers for the product stay until it is paid.
    Raises ``AlreadyClaimedError`` with when the product may be free, and writes that down, and
    ``PriceCameDownError`` for more than the product costs by now.
    """
    return _or_raise(_accept(offer, actor))


def decline_offer(*, offer: Offer, actor: User) -> Offer:
    """Turn ``offer`` down. For the other side of whoever made it."""
    return _or_raise(_decline(offer, actor))


def withdraw_offer(*, offer: Offer, actor: User) -> Offer:
    """Take ``offer`` back. For whoever made it, before it is answered."""
    return _or_raise(_withdraw(offer, actor))


def decline_others(*, product: Product, winner: Transaction, now: datetime) -> int:
    """End every open offer for ``product``, which ``winner`` has paid; returns how many.

    In the open transaction, with the product locked.
    """
    return end_offers(product=product, now=now, actor=None, reason="sold", but=winner.buyer)


@retry_transaction
def _counter(
    offer: Offer, actor: User, price: Decimal, message: str, hours: int | None
) -> Offer | DomainError:
    turn = begin_turn(offer=offer, actor=actor, target=OfferStatus.COUNTERED)
    if isinstance(turn, DomainError):
        return turn
    parent, now = turn.offer, turn.now
    if parent.move_number >= LONGEST_CHAIN:
        raise ChainOverError
    _check_deal(turn, actor)
    check_available(turn.product)
    history = History.of(product=turn.product, buyer=parent.buyer)
    if actor == parent.buyer:
        price = check_bid(price=price, product=turn.product, history=history, ask=parent)
    else:
        price = check_ask(price=price, product=turn.product, history=history, bid=parent)
    move(
        parent,
        OfferStatus.COUNTERED,
        flow=OFFER_FLOW,
        actor=actor,
        responded_at=now,
        counter_price=price,
    )
    notices.publish_offer(offer=parent)
    child = Offer(
        product=turn.product,
        conversation=parent.conversation,
        buyer=parent.buyer,
        seller=parent.seller,
        proposer=actor,
        parent=parent,
        move_number=parent.move_number + 1,
        offered_price=price,
        message=message,
    )
    return _propose(child, now, hours)


@retry_transaction
def _accept(offer: Offer, actor: User) -> Offer | DomainError:
    turn = begin_turn(offer=offer, actor=actor, target=OfferStatus.ACCEPTED)
    if isinstance(turn, DomainError):
        return turn
    _check_deal(turn, actor)
    if turn.offer.offered_price > turn.product.price:
        raise PriceCameDownError(price=written(turn.product.price, turn.product.currency))
    try:
        _reserve(turn, actor)
    except AlreadyClaimedError as refusal:
        return lost_claim(
            refusal=refusal,
            product=turn.product,
            who=turn.offer.buyer,
            asked_at=turn.now,
            now=turn.now,
        )
    notices.say(offer=turn.offer, sender=actor)
    notices.tell_of_agreement(offer=turn.offer, actor=actor)
    return turn.offer


@retry_transaction
def _decline(offer: Offer, actor: User) -> Offer | DomainError:
    turn = begin_turn(offer=offer, actor=actor, target=OfferStatus.DECLINED)
    if isinstance(turn, DomainError):
        return turn
    end(offer=turn.offer, status=OfferStatus.DECLINED, now=turn.now, actor=actor)
    notices.say_if_possible(offer=turn.offer, sender=actor)
    notices.tell_of_refusal(offer=turn.offer)
    return turn.offer


@retry_transaction
def _withdraw(offer: Offer, actor: User) -> Offer | DomainError:
    turn = begin_turn(offer=offer, actor=actor, target=OfferStatus.WITHDRAWN, by_proposer=True)
    if isinstance(turn, DomainError):
        return turn
    end(offer=turn.offer, status=OfferStatus.WITHDRAWN, now=turn.now, actor=actor)
    notices.say_if_possible(offer=turn.offer, sender=actor)
    notices.tell_of_withdrawal(offer=turn.offer)
    return turn.offer


def _propose(offer: Offer, now: datetime, hours: int | None) -> Offer:
    """Put ``offer`` to the other side, or to the seller's thresholds where it is a bid."""
    offer.original_price = offer.product.price
    offer.currency = offer.product.currency
    offer.created_at = now
    offer.expires_at = now + timedelta(hours=hours or get_setting("offer_hours"))
    offer.save(force_insert=True)
    audit.record(
        "bookings.offer.made",
        target=offer,
        actor=offer.proposer,
        after={"price": offer.offered_price, "move": offer.move_number},
    )
    notices.publish_offer(offer=offer)
    notices.say(offer=offer, sender=offer.proposer)
    verdict = None
    if offer.proposer == offer.buyer:
        verdict = decided_at_once(product=offer.product, bid=offer.offered_price)
    if verdict is None:
        notices.tell_of_offer(offer=offer)
    else:
        _decide(Turn(offer, offer.product, now), verdict)
    return offer


def _decide(turn: Turn, verdict: OfferStatus) -> None:
    """Let one of the seller's thresholds answer, in the seller's name."""
    offer, seller = turn.offer, turn.offer.seller
    offer.decided_by_rule = True
    offer.save(update_fields=["decided_by_rule", "updated_at"])
    if verdict == OfferStatus.ACCEPTED:
        _reserve(turn, seller)
        notices.tell_of_agreement(offer=offer, actor=None)
    else:
        end(offer=offer, status=verdict, now=turn.now, actor=seller, reason=BY_RULE)
        notices.tell_of_refusal(offer=offer)
    notices.say(offer=offer, sender=seller)


def _reserve(turn: Turn, actor: User) -> None:
    claim_product(
        product=turn.product,
        buyer=turn.offer.buyer,
        amount=turn.offer.offered_price,
        origin=TransactionOrigin.OFFER,
        until=turn.now + timedelta(hours=get_setting("reservation_hours")),
        offer=turn.offer,
        actor=actor,
    )
    end(offer=turn.offer, status=OfferStatus.ACCEPTED, now=turn.now, actor=actor)


def _check_deal(turn: Turn, actor: User) -> None:
    if turn.offer.currency != turn.product.currency:
        raise CurrencyChangedError(currency=turn.product.currency)
    check_between(buyer=turn.offer.buyer, seller=turn.offer.seller)
    if actor == turn.offer.buyer:
        check_phone(actor)


def _check_nothing_open(product: Product, buyer: User, now: datetime) -> None:
    found = Offer.objects.pending().filter(product=product, buyer=buyer).first()
    if found is None:
        return
    conversation, offer = lock(found.conversation, found)
    offer.product, offer.conversation = product, conversation
    if not has_expired(offer, now):
        raise OfferOpenError(offer=str(offer.pk), current=offer.status)
    expire(offer=offer, now=now)


def _or_raise(outcome: Offer | DomainError) -> Offer:
    """What a turn gave; a refusal is raised once what it wrote is committed."""
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome
