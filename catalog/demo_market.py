"""What people of the demo sell: those of ``catalog/demo_data/products.toml``, with photographs.

Which of them are reserved or sold follows from the sales that the part of ``bookings`` adds.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from accounts.choices import MediaPurpose
from accounts.demo_pictures import JPEG, uploaded_file
from accounts.models import Building, User
from accounts.services.attachments import PICTURES, attach_file
from catalog.choices import FeedType, ProductStatus
from catalog.demo_still_lifes import still_life
from catalog.models import Product, ProductImage, ProductLike, ProductView
from catalog.services.product_files import is_public
from config.shared.seeding import Seed

DATA = Path(__file__).resolve().parent / "demo_data"
FIRST_LOOK = timedelta(hours=24)
# Every so many products have a second photograph, from nearer.
SECOND = 6
People = Mapping[str, User]


@cache
def table() -> dict[str, Any]:
    """What ``products.toml`` says."""
    found: dict[str, Any] = tomllib.loads((DATA / "products.toml").read_text(encoding="utf-8"))
    return found["products"]


def add_products(seed: Seed, people: People) -> None:
    """Add the products with their likes and views, then their photographs."""
    seed.step("products", 0.0)
    moderator = people["moderation"]
    with transaction.atomic():
        for handle, words in table().items():
            made = product(seed, handle, words, people[words["seller"]], moderator)
            seed.add([made, *looks(seed, handle, words, made, people)])
    if not seed.pictures:
        return
    for number, (handle, words) in enumerate(table().items()):
        seed.step("photographs of products", number / len(table()))
        photograph(seed, handle, words, 2 if number % SECOND == 0 else 1)


def product(
    seed: Seed, handle: str, words: Mapping[str, Any], seller: User, moderator: User
) -> Product:
    """One product of the table, as it is before anybody buys it."""
    status = ProductStatus(words.get("status", ProductStatus.ACTIVE))
    created = seed.present - timedelta(days=words["days"], hours=3)
    published = None if status == ProductStatus.DRAFT else created + timedelta(hours=1)
    house = words.get("building")
    building = Building.objects.get(pk=seed.key("building", house)) if house else None
    place = building or seller
    likes, views = words.get("likes", ()), _viewers(seed, handle, words)
    return Product(
        id=seed.key("product", handle),
        seller=seller,
        title=words["title"],
        description=words["description"],
        price=Decimal(words["price"]),
        original_price=Decimal(words["original_price"]) if "original_price" in words else None,
        currency=words.get("currency", "AED"),
        category=words["category"],
        condition=words["condition"],
        feed_type=FeedType.COMMUNITY if building else FeedType.DISCOVER,
        building=building,
        also_discover=words.get("also_discover", False),
        discover_from=_discover_from(words, published),
        neighborhood=place.neighborhood or place.city,
        lat=place.lat,
        lng=place.lng,
        meeting_note=words.get("meeting_note", ""),
        status=status,
        tags=words.get("tags", {}),
        min_offer=Decimal(words["min_offer"]) if "min_offer" in words else None,
        auto_accept=Decimal(words["auto_accept"]) if "auto_accept" in words else None,
        like_count=len(likes),
        view_count=len(views),
        published_at=published,
        removed_by=moderator if status == ProductStatus.REMOVED else None,
        removal_reason=words.get("removal_reason", ""),
        created_at=created,
    )


def _discover_from(words: Mapping[str, Any], published: Any) -> Any:
    if published is None or not words.get("building"):
        return published
    return published + FIRST_LOOK if words.get("also_discover") else None


def _viewers(seed: Seed, handle: str, words: Mapping[str, Any]) -> list[str]:
    """Who looked at it: more of them the longer it has been there."""
    if words.get("status") == ProductStatus.DRAFT:
        return []
    chance = seed.random("viewers", handle)
    others = sorted({each["seller"] for each in table().values()} - {words["seller"]})
    return chance.sample(others, min(len(others), 3 + words["days"] // 2 + chance.randrange(4)))


def looks(
    seed: Seed, handle: str, words: Mapping[str, Any], made: Product, people: People
) -> Iterator[Model]:
    """Likes and views of a product."""
    began = made.published_at or made.created_at
    for place, name in enumerate(words.get("likes", ())):
        yield ProductLike(
            id=seed.key("like", handle, name),
            product=made,
            user=people[name],
            created_at=min(began + timedelta(hours=2 + 5 * place), seed.present),
        )
    for name in _viewers(seed, handle, words):
        yield ProductView(
            id=seed.key("view", handle, name), product=made, user=people[name], day=began.date()
        )


def photograph(seed: Seed, handle: str, words: Mapping[str, Any], number: int) -> None:
    """Draw what is missing of the photographs of a product, and put them in their places."""
    made = Product.objects.select_related("seller").get(pk=seed.key("product", handle))
    for place in range(number):
        key = seed.key("picture", handle, place)
        if ProductImage.objects.filter(pk=key).exists():
            continue
        drawing = still_life(
            words["shape"],
            tuple(words["colours"]),
            seed.random("still life", handle, place),
            close=place > 0,
        )
        file = uploaded_file(
            seed,
            made.seller,
            f"product-{handle}-{place}",
            drawing,
            purpose=MediaPurpose.LISTING,
            kind=JPEG,
            shown=f"{handle}-{place + 1}.jpg",
        )
        with transaction.atomic():
            attach_file(
                file=file,
                owner=made.seller,
                target=made,
                pointer="",
                kinds=PICTURES,
                purposes={MediaPurpose.LISTING},
                public=is_public(made),
            )
            seed.add([ProductImage(id=key, product=made, media=file, position=place)])
