"""The two feeds of products, and the orders in which they are read.

*newest*, *price* and *-price* run along indexes: a page continues behind the last row of the one
before it, wherever it lies, and there is no end but the feed's.

*distance*, *relevance* and *why* have to weigh before they can sort, so they weigh the first 1,000:
the nearest ones, or the newest that match. A row's weight says nothing of the present moment or of
other rows, so that pages stay as they are while the feed goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchRank, TrigramWordSimilarity
from django.db.models import FloatField, IntegerField, Value
from django.db.models.functions import Cast, Upper

from accounts.models import Building
from catalog.choices import FeedType, ProductOrder
from catalog.models import Product
from catalog.product_exceptions import NotResidentError
from catalog.querysets.feeds import words
from catalog.services.feed_reasons import with_reasons
from config.shared.errors import InvalidInputError, NotAuthenticatedError

MOST_WEIGHED = 1_000


@dataclass(frozen=True, slots=True)
class Around:
    """A point on the earth and how far around it somebody looks."""

    lat: float
    lng: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Wish:
    """For whom a feed is put in order, and what they asked for."""

    user: Any
    feed: str = FeedType.DISCOVER
    around: Around | None = None
    text: str = ""


def feed_of(*, user: Any, feed: str, building: UUID | None) -> Any:
    """The products in a feed, as ``user`` may see it.

    Raises ``NotAuthenticatedError`` for a community feed without a caller, and
    ``NotResidentError`` for a building where they are no verified resident.
    """
    if feed == FeedType.DISCOVER:
        return Product.objects.discover_feed(user)
    if not user.is_authenticated:
        raise NotAuthenticatedError
    homes = set(Building.objects.lived_in_by(user).values_list("pk", flat=True))
    if building is not None and building not in homes:
        raise NotResidentError
    return Product.objects.community_feed(user, homes if building is None else {building})


def in_order(products: Any, order: str, *, wish: Wish) -> Any:
    """``products`` in one of the orders, each with what its card shows.

    Raises ``InvalidInputError`` for an order by distance without a place, or by relevance without
    words.
    """
    if wish.around is None and order == ProductOrder.DISTANCE:
        raise _missing("near", "Give `near`, or `lat` and `lng`, to put the nearest first.")
    if not wish.text and order == ProductOrder.RELEVANCE:
        raise _missing("search", "Give `search` to put what fits best first.")
    return ORDERS[ProductOrder(order)](products, wish).with_cards(wish.user)


def _newest(products: Any, wish: Wish) -> Any:
    return _measured(products, wish).order_by("-listed_at", "-pk")


def _cheapest(products: Any, wish: Wish) -> Any:
    return _measured(products, wish).order_by("price", "pk")


def _dearest(products: Any, wish: Wish) -> Any:
    return _measured(products, wish).order_by("-price", "-pk")


def _nearest(products: Any, wish: Wish) -> Any:
    near = products.order_by("_chord", "pk").values("pk")[:MOST_WEIGHED]
    return _measured(_these(near, wish), wish).order_by("_chord", "pk")


def _most_relevant(products: Any, wish: Wish) -> Any:
    """Words count a thousand times as much as what is only similar, see ``found_by``."""
    rank = SearchRank("search", words(wish.text))
    likeness = TrigramWordSimilarity(Value(wish.text.upper()), Upper("title"))
    weight = Cast(rank * 1_000_000.0 + likeness * 1_000.0, IntegerField())
    newest = _measured(_newest_of(products, wish), wish)
    return newest.annotate(weight=weight).order_by("-weight", "-pk")


def _explained(products: Any, wish: Wish) -> Any:
    newest = _measured(_newest_of(products, wish), wish)
    weighed = with_reasons(newest, user=wish.user, is_near=wish.around is not None)
    return weighed.order_by("-weight", "-pk")


ORDERS: dict[ProductOrder, Callable[[Any, Wish], Any]] = {
    ProductOrder.NEWEST: _newest,
    ProductOrder.PRICE: _cheapest,
    ProductOrder.PRICE_DOWN: _dearest,
    ProductOrder.DISTANCE: _nearest,
    ProductOrder.RELEVANCE: _most_relevant,
    ProductOrder.WHY: _explained,
}


def _newest_of(products: Any, wish: Wish) -> Any:
    return _these(products.order_by("-listed_at", "-pk").values("pk")[:MOST_WEIGHED], wish)


def _these(keys: Any, wish: Wish) -> Any:
    return Product.objects.filter(pk__in=keys).with_listed_at(wish.feed)


def _measured(products: Any, wish: Wish) -> Any:
    """With ``distance_m``, how far the centre of the public cell is; null without a place."""
    if "distance_m" in products.query.annotations:
        return products
    if wish.around is None:
        return products.annotate(distance_m=Value(None, output_field=FloatField()))
    return products.measured_from(wish.around.lat, wish.around.lng)


def _missing(name: str, message: str) -> InvalidInputError:
    return InvalidInputError.in_parameter("ordering", f"{name}_missing", message)
