"""Offers as they are shown: with the whole bargaining that they are part of."""

from typing import Any
from uuid import UUID

from accounts.models import User
from bookings.models import Offer
from bookings.models.offers import LONGEST_CHAIN
from config.shared.errors import MissingError


def offer_page(*, reader: User, offer_id: UUID) -> Offer:
    """The offer that ``reader`` may see, with its ``chain``. Raises ``MissingError``."""
    found: Any = Offer.objects.visible_to(reader).with_details().filter(pk=offer_id).first()
    if found is None:
        raise MissingError
    found.chain = chain_of(offer=found)
    offer: Offer = found
    return offer


def chain_of(*, offer: Offer) -> list[Any]:
    """Every move of the bargaining that ``offer`` is part of, the first one first.

    The two have one open offer at a time, so what they say about a product is one bargaining
    after the other: the moves lie side by side.
    """
    between = Offer.objects.filter(product=offer.product_id, buyer=offer.buyer_id)
    moves = between.with_live_status().with_side()
    before = moves.filter(created_at__lte=offer.created_at).order_by("-created_at", "-pk")
    after = moves.filter(created_at__gt=offer.created_at).order_by("created_at", "pk")
    chain: list[Any] = []
    for move in before[:LONGEST_CHAIN]:
        if not chain or chain[0].parent_id == move.pk:
            chain.insert(0, move)
    for move in after[:LONGEST_CHAIN]:
        if move.parent_id == chain[-1].pk:
            chain.append(move)
    return chain
