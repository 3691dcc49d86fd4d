"""What ends with a product that its seller, or a moderator, takes away."""

from datetime import datetime

from accounts.models import User
from bookings.services.offer_turns import end_offers
from bookings.services.product_claims import let_go
from bookings.services.reservation_notices import tell_of_cancellation, tell_of_removal
from catalog.models import Product


def withdraw_product(*, product: Product, actor: User | None, now: datetime, reason: str) -> None:
    """End what is open about ``product``, which is about to be removed.

    In the open transaction, with the product locked. An open reservation is cancelled and open
    offers are declined, and everybody is told, the seller as well where somebody
    else removes it. Raises ``SaleOpenError`` while money for the
    product is held or disputed.
    """
    ended = let_go(product=product, actor=actor, now=now, reason=reason)
    if ended is not None:
        tell_of_cancellation(sale=ended, actor=actor)
    end_offers(product=product, now=now, actor=actor, reason="removed")
    if actor is not None and actor.pk != product.seller_id:
        tell_of_removal(product=product, reason=reason)
