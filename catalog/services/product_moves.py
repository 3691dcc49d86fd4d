"""Products: publishing them and taking them down."""

from datetime import datetime, timedelta

from accounts.models import Building, User
from accounts.services.settings import get_setting
from catalog.choices import FeedType, ProductStatus
from catalog.flows import PRODUCT_FLOW
from catalog.models import Product
from catalog.product_exceptions import NotResidentError, NotSellerError
from catalog.services import hooks
from catalog.services.product_files import follow_feed
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, InvalidTransitionError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

MODERATION = "catalog.moderate_product"
WITHDRAWN = "Taken down by the seller"


@retry_transaction
def publish_product(*, product: Product, actor: User) -> Product:
    """Offer a draft, by its seller.

    Neighbours see a community product at once, and others, where they may, after the first look
    (setting ``first_look_hours``). Raises ``NotSellerError``, ``NotResidentError``,
    ``InvalidTransitionError``.
    """
    (product,) = lock(product)
    if product.seller_id != actor.pk:
        raise NotSellerError
    publish(product=product, actor=actor, now=database_now())
    return product


def publish(*, product: Product, actor: User, now: datetime) -> None:
    """Offer the locked draft ``product``, in the open transaction."""
    if product.status != ProductStatus.DRAFT:
        raise InvalidTransitionError(product.status, PRODUCT_FLOW.allowed(product.status))
    require_resident(product)
    move(
        product,
        ProductStatus.ACTIVE,
        flow=PRODUCT_FLOW,
        actor=actor,
        published_at=now,
        discover_from=first_seen_by_all(product, now),
    )
    follow_feed(product)


@retry_transaction
def remove_product(*, product: Product, actor: User, reason: str = "") -> Product:
    """Take a product down for good: by its seller, or by a moderator with a reason.

    Offers and a reservation that is not paid end with it; what somebody has paid for and not got
    yet stands against it. Raises ``NotSellerError``, ``InvalidInputError`` without a moderator's
    reason, and what the hook ``withdraw_product`` raises.
    """
    (product,) = lock(product)
    own = product.seller_id == actor.pk
    if not own and not (actor.is_active and actor.is_staff and actor.has_perm(MODERATION)):
        raise NotSellerError
    reason = reason.strip()
    if not own and not reason:
        raise InvalidInputError.at("/reason", "required", "Say why.")
    now = database_now()
    hooks.settle_product(product=product, now=now)
    product.refresh_from_db()
    PRODUCT_FLOW.check(product.status, ProductStatus.REMOVED)
    hooks.withdraw_product(product=product, actor=actor, now=now, reason=reason or WITHDRAWN)
    product.refresh_from_db()
    move(
        product,
        ProductStatus.REMOVED,
        flow=PRODUCT_FLOW,
        actor=actor,
        reason=reason,
        claimed_until=None,
        removed_by=actor,
        removal_reason=reason[:500],
    )
    return product


def first_seen_by_all(product: Product, published_at: datetime) -> datetime | None:
    """When everybody sees ``product``, published at this time; None for never."""
    if product.feed_type == FeedType.DISCOVER:
        return published_at
    if not product.also_discover:
        return None
    return published_at + timedelta(hours=get_setting("first_look_hours"))


def require_resident(product: Product) -> None:
    """Raise ``NotResidentError`` for a building where the seller is no verified resident."""
    if product.building_id is None:
        return
    lived_in = Building.objects.lived_in_by(product.seller)
    if not lived_in.filter(pk=product.building_id).exists():
        raise NotResidentError
