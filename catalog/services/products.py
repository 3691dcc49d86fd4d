"""Products: describing what one sells."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from catalog.choices import ProductStatus
from catalog.models import Product
from catalog.product_exceptions import (
    NotSellerError,
    PriceFixedError,
    ProductClosedError,
    SellerUnprovedError,
)
from catalog.services import hooks
from catalog.services.product_files import files_in, follow_feed, set_files
from catalog.services.product_moves import first_seen_by_all, publish, require_resident
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError
from config.shared.locks import lock
from config.shared.money import check_amount
from config.shared.retries import retry_transaction

WRITABLE_FIELDS = (
    "title",
    "description",
    "price",
    "original_price",
    "currency",
    "category",
    "condition",
    "feed_type",
    "building",
    "also_discover",
    "neighborhood",
    "meeting_note",
    "lat",
    "lng",
    "tags",
    "min_offer",
    "auto_accept",
)
AMOUNTS = ("price", "original_price", "min_offer", "auto_accept")
FEED_FIELDS = frozenset({"feed_type", "building", "also_discover"})
AUDITED_FIELDS = frozenset({"title", "price", "currency", *FEED_FIELDS})
OPEN = (ProductStatus.DRAFT, ProductStatus.ACTIVE, ProductStatus.RESERVED)


@retry_transaction
def create_product(*, seller: User, values: Mapping[str, Any], is_published: bool) -> Product:
    """Write down what ``seller`` wants to sell, as a draft or for all to see at once.

    ``values`` may hold columns in ``WRITABLE_FIELDS`` (title, price, category and condition at
    least), ``images``, ``video`` and ``video_thumbnail``. Raises ``SellerUnprovedError`` without a
    verified phone number, ``NotResidentError`` for the feed of a building where the seller does
    not live, ``InvalidInputError`` for amounts that the currency does not know.
    """
    if not seller.phone_verified:
        raise SellerUnprovedError
    files = files_in(values)
    if files:
        lock(*files)
    product = Product(seller=seller)
    written = {name: values[name] for name in WRITABLE_FIELDS if name in values}
    _set_columns(product, written)
    _place_by_building(product, written)
    require_resident(product)
    product.save(force_insert=True)
    if set_files(product=product, actor=seller, values=values):
        product.save(update_fields=["video", "video_thumbnail", "updated_at"])
    audit.record(
        "catalog.product.created",
        target=product,
        actor=seller,
        after={"title": product.title, "price": product.price, "feed": product.feed_type},
    )
    if is_published:
        publish(product=product, actor=seller, now=database_now())
    return product


@retry_transaction
def update_product(*, product: Product, actor: User, changes: Mapping[str, Any]) -> Product:
    """Change what is said of a product, by its seller.

    A price that somebody has reserved it at stays, and so does everything of what is sold or
    removed. The state has services of its own; the seller never changes. Raises
    ``NotSellerError``, ``ProductClosedError``, ``PriceFixedError``.
    """
    files = files_in(changes)
    product, *_ = lock(product, *files)
    require_seller(product=product, actor=actor)
    now = database_now()
    hooks.settle_product(product=product, now=now)
    product.refresh_from_db()
    if product.status not in OPEN:
        raise ProductClosedError(product.status)
    written = {
        name: changes[name]
        for name in WRITABLE_FIELDS
        if name in changes and changes[name] != getattr(product, name)
    }
    if product.status == ProductStatus.RESERVED and {"price", "currency"} & written.keys():
        raise PriceFixedError(reserved_until=product.claimed_until)
    before = {name: getattr(product, name) for name in written}
    _set_columns(product, written)
    touched = set(written)
    if FEED_FIELDS & touched:
        _change_feed(product, now)
    touched |= set_files(product=product, actor=actor, values=changes)
    if not touched:
        return product
    product.save()
    if "feed_type" in touched:
        follow_feed(product)
    shown = sorted(AUDITED_FIELDS & written.keys())
    audit.record(
        "catalog.product.changed",
        target=product,
        actor=actor,
        before={name: _plain(before[name]) for name in shown},
        after={name: _plain(written[name]) for name in shown} | {"fields": sorted(touched)},
    )
    return product


def require_seller(*, product: Product, actor: User) -> None:
    """Raise ``NotSellerError`` unless ``actor`` sells ``product``."""
    if product.seller_id != actor.pk:
        raise NotSellerError


def _change_feed(product: Product, now: Any) -> None:
    """Let it be seen by whom it is now for; what has begun for all does not begin anew."""
    require_resident(product)
    if product.published_at is None:
        return
    wanted = first_seen_by_all(product, product.published_at)
    seen_by_all = product.discover_from is not None and product.discover_from <= now
    product.discover_from = product.discover_from if wanted and seen_by_all else wanted


def _place_by_building(product: Product, written: Mapping[str, Any]) -> None:
    """A community product is where its building is, unless its seller says otherwise."""
    if product.building is not None and "lat" not in written:
        product.lat, product.lng = product.building.lat, product.building.lng
    if product.building is not None and not product.neighborhood:
        product.neighborhood = product.building.neighborhood


def _set_columns(product: Product, written: Mapping[str, Any]) -> None:
    for name, value in written.items():
        setattr(product, name, value)
    for name in AMOUNTS:
        amount = getattr(product, name)
        if amount is not None and (name in written or "currency" in written):
            setattr(product, name, _amount(name, amount, product.currency))
    product.full_clean(
        exclude=["seller", "building", "video", "video_thumbnail", "removed_by"],
        validate_unique=False,
        validate_constraints=True,
    )


def _plain(value: Any) -> Any:
    """A building by its key, as the audit keeps it; anything else as it is."""
    return getattr(value, "pk", value)


def _amount(name: str, amount: Any, currency: str) -> Any:
    checked = check_amount(amount, currency, pointer=f"/{name}")
    if checked == 0:
        raise InvalidInputError.at(f"/{name}", "amount_not_positive", "More than nothing.")
    return checked
