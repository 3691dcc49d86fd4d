"""Products on a map, in heaps: how many lie in each square of a grid.

The grid is laid over the public cells, never over exact places, and grows finer with the zoom until
each cell is a heap of its own. The heaps of the newest 5,000 products in the box are given, the
500 largest, so that no box is too much.
"""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Avg, Case, Count, F, FloatField, Max, Min, Q, Value, When
from django.db.models.functions import Floor

from catalog.models import Product

MAX_ZOOM = 20
MOST_COUNTED = 5_000
MOST_HEAPS = 500
FEW = 5
# So many squares to one side of a map's tile.
SQUARES = 4


def heaps_of(products: Any, *, user: Any, zoom: int) -> Any:
    """What ``user`` may see of ``products``, heaped by squares.

    Each heap has ``number``, ``lat``, ``lng``, ``currency``, ``min_price`` and ``ids``.

    A heap's place is the middle of its products' cells. ``ids`` is null where there are more than
    five. The largest heaps come first.
    """
    newest = products.filter(cell_lat__isnull=False).order_by("-listed_at", "-pk")
    counted = Product.objects.filter(pk__in=newest.values("pk")[:MOST_COUNTED])
    side = 360.0 / 2**zoom / SQUARES
    priced_alike = Q(first_currency=F("last_currency"))
    return (
        counted.shown_to(user)
        .annotate(row=_square("cell_lat", side), column=_square("cell_lng", side))
        .order_by()
        .values("row", "column")
        .annotate(number=Count("pk"), lat=Avg("cell_lat"), lng=Avg("cell_lng"))
        .annotate(first_currency=Min("currency"), last_currency=Max("currency"))
        .annotate(
            currency=Case(When(priced_alike, then=F("first_currency"))),
            min_price=Case(When(priced_alike, then=Min("price"))),
            ids=Case(When(number__lte=FEW, then=ArrayAgg("pk", order_by="-pk"))),
        )
        .order_by("-number", "row", "column")
    )


def _square(name: str, side: float) -> Floor:
    return Floor(F(name) / Value(side, output_field=FloatField()))
