"""What may be offered: between which bounds, how often, and what the seller's thresholds decide.

A bid is what the buyer offers, an ask what the seller counters with. Over everything that the two
have ever said about the product:

- a bid is above 0, at most the product's price, and not below the buyer's last bid (or the price,
  where that has come down below it);
- an ask is at most the product's price and not above the seller's last ask, and stays above the
  bid that it answers;
- what was said in another currency, before the seller changed it, binds nobody;
- a bid that reaches the open ask, or an ask that comes down to the open bid, is no move: the other
  side's offer can be accepted instead.

Bids that were declined, expired or withdrawn count as well. So whoever looks for the seller's
secret thresholds can only feel their way upwards, a few times a day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

from accounts.choices import UserStatus
from accounts.exceptions import NotYourselfError
from accounts.models import User
from accounts.querysets.connections import without_blocks
from accounts.services.settings import get_setting
from bookings.market_choices import OfferStatus
from bookings.models import Offer
from bookings.offer_exceptions import AcceptInsteadError, OfferLimitError, PhoneRequiredError
from bookings.services.product_claims import unavailable
from catalog.choices import ProductStatus
from catalog.models import Product
from config.shared.errors import InvalidInputError, MissingError
from config.shared.money import check_amount, grouped
from messaging.conversation_exceptions import NotReachableError

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class History:
    """What the two have last proposed to each other about a product, whatever came of it."""

    last_bid: Decimal | None
    last_ask: Decimal | None

    @classmethod
    def of(cls, *, product: Product, buyer: User) -> "History":
        """The history of ``buyer`` with the seller of ``product``, which is locked."""
        between = Offer.objects.filter(product=product, buyer=buyer, currency=product.currency)
        moves = between.order_by("-created_at", "-pk")
        prices = moves.values_list("offered_price", flat=True)
        return cls(
            last_bid=prices.filter(proposer=buyer).first(),
            last_ask=prices.exclude(proposer=buyer).first(),
        )


def check_bid(
    *, price: Decimal, product: Product, history: History, ask: Offer | None = None
) -> Decimal:
    """``price`` as a bid of the buyer; ``ask`` is the open offer that it answers.

    Raises ``InvalidInputError`` (``price_not_positive``, ``above_price``, ``bid_below_last``) and
    ``AcceptInsteadError``.
    """
    price = check_price(price, product)
    lowest = min(history.last_bid or Decimal(0), product.price)
    if price < lowest:
        raise InvalidInputError.at(
            "/price",
            "bid_below_last",
            f"Bids only rise: your last one was {grouped(lowest, product.currency)}.",
        )
    if ask is not None and price >= ask.offered_price:
        raise AcceptInsteadError(offer=str(ask.pk))
    return price


def check_ask(*, price: Decimal, product: Product, history: History, bid: Offer) -> Decimal:
    """``price`` as an ask of the seller in answer to ``bid``.

    Raises ``InvalidInputError`` (``price_not_positive``, ``above_price``, ``ask_above_last``) and
    ``AcceptInsteadError``.
    """
    price = check_price(price, product)
    if history.last_ask is not None and price > history.last_ask:
        raise InvalidInputError.at(
            "/price",
            "ask_above_last",
            f"Asks only fall: your last one was {grouped(history.last_ask, product.currency)}.",
        )
    if price <= bid.offered_price:
        raise AcceptInsteadError(offer=str(bid.pk))
    return price


def decided_at_once(*, product: Product, bid: Decimal) -> OfferStatus | None:
    """What the seller's thresholds make of ``bid``; None leaves it to the seller."""
    if product.auto_accept is not None and bid >= product.auto_accept:
        return OfferStatus.ACCEPTED
    if product.min_offer is not None and bid < product.min_offer:
        return OfferStatus.DECLINED
    return None


def check_buyer(*, product: Product, buyer: User) -> None:
    """Raise unless ``buyer`` may offer something for ``product``, which is locked and settled.

    Raises ``NotYourselfError``, ``PhoneRequiredError``, ``MissingError`` for what they do not
    see, and ``ProductUnavailableError`` for what is reserved, sold or not published.
    """
    if product.seller_id == buyer.pk:
        raise NotYourselfError
    check_phone(buyer)
    if not Product.objects.visible_to(buyer).filter(pk=product.pk).exists():
        raise MissingError
    check_between(buyer=buyer, seller=product.seller)
    check_available(product)


def check_phone(buyer: User) -> None:
    """Raise ``PhoneRequiredError`` unless ``buyer`` has proved a phone number."""
    if not buyer.phone_verified:
        raise PhoneRequiredError


def check_available(product: Product) -> None:
    """Raise ``ProductUnavailableError`` unless ``product``, locked and settled, is for sale."""
    if product.status != ProductStatus.ACTIVE:
        raise unavailable(product)


def check_between(*, buyer: User, seller: User) -> None:
    """Raise ``NotReachableError`` unless the two can have a deal with each other."""
    if not may_deal(buyer=buyer, seller=seller):
        raise NotReachableError


def may_deal(*, buyer: User, seller: User) -> bool:
    """Whether both are still there, and neither has shut the other out."""
    people = User.objects.filter(pk__in=[buyer.pk, seller.pk], status=UserStatus.ACTIVE)
    return bool(without_blocks(people, buyer).count() == len({buyer.pk, seller.pk}))


def check_times(*, product: Product, buyer: User, now: datetime) -> None:
    """Raise ``OfferLimitError`` once ``buyer`` has begun as often within a day as they may."""
    limit = get_setting("offers_per_day")
    begun = Offer.objects.filter(product=product, buyer=buyer, move_number=1)
    today = begun.filter(created_at__gt=now - DAY).order_by("-created_at", "-pk")
    times = list(today.values_list("created_at", flat=True)[:limit])
    if len(times) < limit:
        return
    free_at = times[-1] + DAY
    raise OfferLimitError(
        limit=limit,
        next_at=free_at,
        retry_after=max(1, ceil((free_at - now).total_seconds())),
    )


def check_price(price: Decimal, product: Product) -> Decimal:
    """``price`` in the product's currency, above nothing and at most the product's own."""
    price = check_amount(price, product.currency, pointer="/price")
    if price <= 0:
        raise InvalidInputError.at("/price", "price_not_positive", "Offer more than nothing.")
    if price > product.price:
        raise InvalidInputError.at(
            "/price",
            "above_price",
            f"It costs {grouped(product.price, product.currency)}: nobody offers more.",
        )
    return price
