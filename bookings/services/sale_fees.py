"""What the platform keeps of a sale, and what its seller gets."""

from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from accounts.services.settings import get_setting
from catalog.choices import FeedType
from catalog.models import Product
from config.shared.money import check_amount, fee


@dataclass(frozen=True, slots=True)
class SaleFee:
    """A price, what the platform keeps of it and what the seller gets."""

    amount: Decimal
    currency: str
    feed_type: FeedType
    percent: Decimal
    platform_fee: Decimal
    seller_payout: Decimal


def fee_for_sale(*, product: Product, buyer: User, amount: Decimal) -> SaleFee:
    """The fee on ``amount`` for ``product``, by the feed that ``buyer`` sees it in."""
    amount = check_amount(amount, product.currency)
    neighbour = Product.objects.of_neighbours(buyer).filter(pk=product.pk).exists()
    feed = FeedType.COMMUNITY if neighbour else FeedType.DISCOVER
    percent = get_setting(f"{feed.value}_fee_percent")
    kept = fee(amount, percent, product.currency)
    return SaleFee(amount, product.currency, feed, percent, kept, amount - kept)
