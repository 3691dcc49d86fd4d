"""An open offer whose turn it is: locked, looked at, and expired where its time is over."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from bookings.flows import OFFER_FLOW
from bookings.market_choices import OfferStatus
from bookings.models import Offer
from bookings.offer_exceptions import NotYourTurnError
from bookings.services.offer_notices import publish_offer, tell_of_end, tell_of_expiry
from bookings.services.product_claims import settle_product
from catalog.models import Product
from config.shared.clock import database_now
from config.shared.errors import InvalidTransitionError, NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock


@dataclass(frozen=True, slots=True)
class Turn:
    """An open offer and its product, both locked, and the time of that."""

    offer: Offer
    product: Product
    now: datetime


def begin_turn(
    *, offer: Offer, actor: User, target: OfferStatus, by_proposer: bool = False
) -> Turn | InvalidTransitionError:
    """The turn of ``actor`` to move ``offer`` to ``target``, in the open transaction.

    The product is locked first, then the conversation, then the offer; what has lapsed of the
    product's reservation is ended. An offer whose time is over expires now: the refusal is
    returned, so that this stays. Raises ``NotAllowedError`` for others than the two,
    ``NotYourTurnError`` for the wrong one of them, and ``InvalidTransitionError``.
    """
    if actor.pk not in {offer.buyer_id, offer.seller_id}:
        raise NotAllowedError
    if (actor.pk == offer.proposer_id) != by_proposer:
        raise NotYourTurnError
    product, conversation, found = lock(offer.product, offer.conversation, offer)
    found.product, found.conversation = product, conversation
    now = database_now()
    if has_expired(found, now):
        expire(offer=found, now=now)
        return InvalidTransitionError(OfferStatus.EXPIRED, ())
    OFFER_FLOW.check(found.status, target)
    settle_product(product=product, now=now)
    return Turn(found, product, now)


def has_expired(offer: Offer, now: datetime) -> bool:
    """Whether the time of an offer is over, whatever state is stored."""
    return offer.status == OfferStatus.PENDING and offer.expires_at <= now


def expire(*, offer: Offer, now: datetime) -> None:
    """End an offer that nobody answered in time; it is locked."""
    end(offer=offer, status=OfferStatus.EXPIRED, now=now, actor=None)
    tell_of_expiry(offer=offer)


def expire_lapsed(*, product: Product, now: datetime) -> int:
    """End every offer for ``product``, which is locked, whose time is over; returns how many."""
    found = Offer.objects.pending().filter(product=product, expires_at__lte=now)
    locked = lock(*found) if found else ()
    for offer in locked:
        offer.product = product
        expire(offer=offer, now=now)
    return len(locked)


def end(
    *, offer: Offer, status: OfferStatus, now: datetime, actor: User | None, reason: str = ""
) -> None:
    """Move a locked offer to ``status`` and let both clients know."""
    move(offer, status, flow=OFFER_FLOW, actor=actor, reason=reason, responded_at=now)
    publish_offer(offer=offer)


def end_offers(
    *, product: Product, now: datetime, actor: User | None, reason: str, but: User | None = None
) -> int:
    """Decline every open offer for ``product`` and tell the buyers, all but ``but``.

    In the open transaction, with the product locked.
    """
    found = Offer.objects.pending().filter(product=product)
    locked = lock(*found) if found else ()
    for offer in locked:
        offer.product = product
        if has_expired(offer, now):
            expire(offer=offer, now=now)
            continue
        end(offer=offer, status=OfferStatus.DECLINED, now=now, actor=actor, reason=reason)
        if offer.buyer != but:
            tell_of_end(offer=offer)
    return len(locked)
