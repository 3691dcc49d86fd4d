"""The order of a feed that explains itself: what counts, how much, and how that is told.

A product weighs one point for each hour since 1970 at which it was listed, so that newer ones weigh
more and a weight never changes. Three days' worth of points go to what sellers offer whom the
caller follows, two days' worth to what is of a kind that they like, and up to two days' worth to
what is near, the nearer the more. Everything comes from the caller's own doings and from public
places; nobody pays for a place in it.
"""

from typing import Any

from django.db.models import BooleanField, Case, Exists, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Extract, Floor, Greatest

from catalog.models import Product, ProductLike
from catalog.querysets.feeds import follows_of

SECONDS_OF_A_POINT = 3_600
POINTS_FOLLOWED = 72
POINTS_LIKED_CATEGORY = 48
POINTS_NEAR = 48
NEAR_M = 10_000
LIKES_LOOKED_AT = 200


def with_reasons(products: Any, *, user: Any, is_near: bool) -> Any:
    """``products``, which have ``listed_at`` and ``distance_m``, with their ``weight``.

    ``is_of_followed`` and ``is_liked_kind`` say what counted besides.
    """
    liked = Q(category__in=_liked_categories(user)) if user.is_authenticated else Value(False)
    near = _near_points() if is_near else Value(0)
    return products.annotate(
        is_of_followed=Exists(follows_of(user)) if user.is_authenticated else Value(False),
        is_liked_kind=Case(
            When(liked, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        if user.is_authenticated
        else Value(False),
    ).annotate(
        weight=Cast(Floor(Extract("listed_at", "epoch") / SECONDS_OF_A_POINT), IntegerField())
        + _points("is_of_followed", POINTS_FOLLOWED)
        + _points("is_liked_kind", POINTS_LIKED_CATEGORY)
        + near
    )


def reasons_of(product: Any) -> list[dict[str, str]]:
    """Why a product stands where it stands, the weightiest reason first, its age last."""
    reasons = []
    if product.is_of_followed:
        reasons.append(("followed_seller", "You follow the seller."))
    if product.is_liked_kind:
        kind = product.get_category_display().lower()
        reasons.append(("liked_category", f"You like things of this kind: {kind}."))
    if product.distance_m is not None and product.distance_m < NEAR_M:
        reasons.append(("near", "It is not far from the place that you gave."))
    reasons.append(("freshness", f"It has been listed since {product.listed_at:%d %B %Y}."))
    return [{"code": code, "text": text} for code, text in reasons]


def _points(condition: str, points: int) -> Case:
    return Case(
        When(**{condition: True}, then=Value(points)),
        default=Value(0),
        output_field=IntegerField(),
    )


def _near_points() -> Any:
    share = 1.0 - F("distance_m") / float(NEAR_M)
    return Cast(Floor(Greatest(share, 0.0) * float(POINTS_NEAR)), IntegerField())


def _liked_categories(user: Any) -> list[str]:
    """The kinds of what ``user`` liked last."""
    latest = ProductLike.objects.filter(user=user).order_by("-pk")[:LIKES_LOOKED_AT]
    liked = Product.objects.filter(pk__in=latest.values("product"))
    return sorted(liked.order_by().values_list("category", flat=True).distinct())
