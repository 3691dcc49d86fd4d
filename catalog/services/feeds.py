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

from django.contrib.postgres.search import SearchRank
from django.db.models import F, FloatField, IntegerField, Value
from django.db.models.functions import Cast, Coalesce

from accounts.models import Building
from catalog.choices import FeedType, ProductOrder
from catalog.models import Product
from catalog.product_exceptions import NotResidentError
from catalog.services.feed_places import Around
from catalog.services.feed_reasons import with_reasons
from catalog.services.product_words import Search
from config.shared.errors import InvalidInputError, NotAuthenticatedError

MOST_WEIGHED = 1_000
# So many matches are sorted sooner than a page of them, or as many as are weighed, is come across
# in the order of the whole feed.
FEW_FOR_A_PAGE, FEW_TO_WEIGH = 3_000, 20_000


@dataclass(frozen=True, slots=True)
class Wish:
    """For whom a feed is put in order, and what they asked for."""

    user: Any
    feed: str = FeedType.DISCOVER
    around: Around | None = None
    search: Search | None = None


def feed_of(*, user: Any, feed: str, building: UUID | None) -> Any:
    """The products in a feed that ``user`` may see, whoever sells them: see ``in_order``.

    Raises ``NotAuthenticatedError`` for a community feed without a caller, and
    ``NotResidentError`` for a building where they are no verified resident.
    """
    if feed == FeedType.DISCOVER:
        return Product.objects.discover_feed()
    if not user.is_authenticated:
        raise NotAuthenticatedError
    homes = set(Building.objects.lived_in_by(user).values_list("pk", flat=True))
    if building is not None and building not in homes:
        raise NotResidentError
    return Product.objects.community_feed(homes if building is None else {building})


def in_order(products: Any, order: str, *, wish: Wish) -> Any:
    """``products`` in one of the orders, each with what its card shows.

    Left out is what people sell who are gone, or have a block with the caller. Raises
    ``InvalidInputError`` for an order by distance without a place, or by relevance without words.
    """
    if wish.around is None and order == ProductOrder.DISTANCE:
        raise _missing("near", "Give `near`, or `lat` and `lng`, to put the nearest first.")
    if wish.search is None and order == ProductOrder.RELEVANCE:
        raise _missing("search", "Give `search` to put what fits best first.")
    ordered = ORDERS[ProductOrder(order)](products, wish)
    return ordered.shown_to(wish.user).with_cards(wish.user)


def _newest(products: Any, wish: Wish) -> Any:
    return _placed(_measured(products, wish), "listed_at", wish).order_by("-by_listed_at", "-pk")


def _cheapest(products: Any, wish: Wish) -> Any:
    return _placed(_measured(products, wish), "price", wish).order_by("by_price", "pk")


def _dearest(products: Any, wish: Wish) -> Any:
    return _placed(_measured(products, wish), "price", wish).order_by("-by_price", "-pk")


def _nearest(products: Any, wish: Wish) -> Any:
    near = products.order_by("_chord", "pk").values("pk")[:MOST_WEIGHED]
    return _measured(_these(near, wish), wish).order_by("_chord", "pk")


def _most_relevant(products: Any, wish: Wish) -> Any:
    rank = SearchRank(F("search"), wish.search.query if wish.search else "")
    newest = _measured(_newest_of(products, wish), wish)
    weighed = newest.annotate(relevance=Cast(rank * 1_000_000.0, IntegerField()))
    return weighed.order_by("-relevance", "-pk")


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
    placed = _placed(products, "listed_at", wish, few=FEW_TO_WEIGH)
    newest = placed.order_by("-by_listed_at", "-pk")
    return _these(newest.values("pk")[:MOST_WEIGHED], wish)


def _placed(products: Any, name: str, wish: Wish, *, few: int = FEW_FOR_A_PAGE) -> Any:
    """With ``by_`` and the name, a column by which they are ordered and cursors are told apart.

    Where a search is expected to find less than ``few``, no index of the order itself may be used:
    PostgreSQL would walk along it, in the wrong belief that it comes across a match soon.
    """
    is_rare = wish.search is not None and wish.search.expected < few
    return products.annotate(**{f"by_{name}": Coalesce(F(name), F(name)) if is_rare else F(name)})


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
