"""Photographs and films of products.

Those of what everybody may see are public; those of what neighbours alone see are private, and
whoever sees the product opens them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.choices import MediaKind, MediaPurpose
from accounts.models import MediaFile, User
from accounts.services.attachments import PICTURES, attach_file
from catalog.choices import FeedType
from catalog.models import Product, ProductImage
from config.shared.clock import database_now

FILMS = frozenset({MediaKind.VIDEO})
SINGLE = {"video": FILMS, "video_thumbnail": PICTURES}


def files_in(values: Mapping[str, Any]) -> list[MediaFile]:
    """The files that ``values`` speak of, to be locked before the product."""
    single = [values[name] for name in SINGLE if values.get(name) is not None]
    found = {file.pk: file for file in [*single, *(values.get("images") or ())]}
    return list(found.values())


def set_files(*, product: Product, actor: User, values: Mapping[str, Any]) -> set[str]:
    """Show the photographs, in their order, and the film that ``values`` name.

    The product and the files are locked, and the product is saved by the caller; returns which
    columns have changed.
    """
    changed = set()
    for name, kinds in SINGLE.items():
        if name in values and values[name] != getattr(product, name):
            file = values[name]
            setattr(product, name, file and _shown(product, actor, file, f"/{name}", kinds))
            changed.add(name)
    if "images" in values:
        _set_pictures(product, actor, values["images"])
        changed.add("images")
    return changed


def follow_feed(product: Product) -> None:
    """Let the files of the locked ``product`` be as public as it is."""
    files = [product.video_id, product.video_thumbnail_id]
    files += product.pictures.values_list("media", flat=True)
    MediaFile.objects.filter(
        pk__in=[key for key in files if key], is_private=is_public(product)
    ).update(is_private=not is_public(product))


def is_public(product: Product) -> bool:
    """Whether everybody may see the photographs of ``product`` by now."""
    if product.feed_type == FeedType.DISCOVER:
        return True
    return product.discover_from is not None and product.discover_from <= database_now()


def open_photographs() -> int:
    """Let everybody see the photographs of what neighbours have had their first look at.

    Returns how many files were opened. Signed-in people see them as soon as the product; this is
    for those who are not.
    """
    seen = Product.objects.on_discover().filter(feed_type=FeedType.COMMUNITY)
    waiting = MediaFile.objects.filter(
        is_private=True,
        target_type=Product._meta.label_lower,
        target_id__in=seen.order_by().values("pk"),
    )
    return waiting.update(is_private=False)


def _set_pictures(product: Product, actor: User, files: Sequence[MediaFile]) -> None:
    shown = [
        _shown(product, actor, file, f"/images/{place}", PICTURES)
        for place, file in enumerate(files)
    ]
    product.pictures.all().delete()
    ProductImage.objects.bulk_create(
        ProductImage(product=product, media=file, position=place)
        for place, file in enumerate(shown)
    )


def _shown(
    product: Product, actor: User, file: MediaFile, pointer: str, kinds: frozenset[Any]
) -> MediaFile:
    return attach_file(
        file=file,
        owner=actor,
        target=product,
        pointer=pointer,
        kinds=kinds,
        purposes={MediaPurpose.LISTING},
        public=is_public(product),
    )
