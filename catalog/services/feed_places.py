"""Feeds around a place and in a box, by way of whichever index is the shorter one.

The index of places is the right one where few products lie. In the middle of a city it would bring
up all that lies there, to be sorted, although the first few of the feed's own order lie there, too.
PostgreSQL cannot tell the two apart: it takes every place for an empty one. So products are counted
first, as far as 2,000. All of it looks at public cells alone.
"""

from dataclasses import dataclass
from typing import Any

from catalog.models import Product

CROWD = 2_000


@dataclass(frozen=True, slots=True)
class Around:
    """A point on the earth and how far around it somebody looks."""

    lat: float
    lng: float
    radius_m: float


def near(products: Any, around: Around, *, is_small: bool, nearest_first: bool) -> Any:
    """Those of ``products`` in the radius, each with ``distance_m``.

    ``is_small`` is for a feed that is read as a whole anyway, ``nearest_first`` for an order that
    only the index of places can give.
    """
    place = (around.lat, around.lng, around.radius_m)
    few = not is_small and (nearest_first or not _is_crowd(Product.objects.near(*place)))
    return products.near(*place, indexed=few)


def in_box(products: Any, box: tuple[float, float, float, float], *, is_small: bool) -> Any:
    """Those of ``products`` in a box of degrees."""
    few = not is_small and not _is_crowd(Product.objects.in_bbox(*box))
    return products.in_bbox(*box, indexed=few)


def _is_crowd(there: Any) -> bool:
    return bool(there.order_by().values("pk")[:CROWD].count() >= CROWD)
