"""What the platform keeps of a sale: by the feed through which its buyer found the thing."""

from decimal import Decimal

from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import PaymentPurpose
from bookings.services.fees import FeeCalculation, calculate_fee
from catalog.choices import FeedType
from catalog.models import Product
from config.shared.errors import InvalidInputError
from config.shared.money import check_amount, fee

PERCENT_SETTINGS = {
    FeedType.DISCOVER: "discover_fee_percent",
    FeedType.COMMUNITY: "community_fee_percent",
}


def feed_for(*, product: Product, buyer: User | None) -> FeedType:
    """Through which feed ``buyer`` buys: the building's, if it is theirs, else discover."""
    is_community = product.feed_type == FeedType.COMMUNITY
    if is_community and Product.objects.of_neighbours(buyer).filter(pk=product.pk).exists():
        return FeedType.COMMUNITY
    return FeedType.DISCOVER


def fee_for_sale(*, product: Product, buyer: User | None, amount: Decimal) -> FeeCalculation:
    """The fee on selling ``product`` to ``buyer`` for ``amount``, by the present settings.

    Neighbours who buy what was offered to their building pay by its rate, everybody else by that
    of discover, also for a community product that is shown there by now.
    """
    return fee_in_feed(
        feed=feed_for(product=product, buyer=buyer), amount=amount, currency=product.currency
    )


def fee_in_feed(*, feed: FeedType, amount: Decimal, currency: str) -> FeeCalculation:
    """The fee on a sale through ``feed``: rounded half up to a minor unit, the rest is the
    seller's. Raises ``InvalidInputError`` for an amount that the currency does not know."""
    amount = check_amount(amount, currency)
    percent = get_setting(PERCENT_SETTINGS[feed])
    kept = fee(amount, percent, currency)
    return FeeCalculation(
        purpose=PaymentPurpose.SALE,
        amount=amount,
        currency=currency,
        percent=percent,
        platform_fee=kept,
        payee_gets=amount - kept,
        feed_type=feed,
    )


def quote_fee(
    *,
    actor: User | None,
    purpose: str,
    amount: Decimal | None = None,
    currency: str = "",
    product: Product | None = None,
    feed_type: str = "",
) -> FeeCalculation:
    """The fee on what somebody thinks of paying, of a sale or of something for a home.

    A product brings its currency along, and its price where no amount is given; the fee is then
    that of ``actor`` as its buyer.
    """
    if product is not None:
        _check_currency(product, currency)
        price = product.price if amount is None else amount
        return fee_for_sale(product=product, buyer=actor, amount=price)
    if amount is None or not currency:
        missing = "/amount" if amount is None else "/currency"
        raise InvalidInputError.at(missing, "required", "Without a product this is needed.")
    if purpose == PaymentPurpose.SALE or feed_type:
        feed = FeedType(feed_type or FeedType.DISCOVER)
        return fee_in_feed(feed=feed, amount=amount, currency=currency)
    return calculate_fee(amount=amount, currency=currency, purpose=purpose)


def _check_currency(product: Product, currency: str) -> None:
    if currency and currency != product.currency:
        raise InvalidInputError.at(
            "/currency", "currency_differs", f"This product is sold in {product.currency}."
        )
