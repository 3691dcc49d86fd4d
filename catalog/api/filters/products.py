"""Filters, search and orders of the feeds of products."""

from typing import Any

from django.db.models import QuerySet

from catalog.api.filters.homes import WholeFilter
from catalog.choices import FeedType, ProductCategory, ProductCondition, ProductOrder
from catalog.models import Product
from catalog.services.feed_places import Around, in_box, near
from catalog.services.feeds import Wish, feed_of, in_order
from catalog.services.product_map import MAX_ZOOM, heaps_of
from catalog.services.product_words import search_for
from config.shared.errors import InvalidInputError
from config.shared.filter_fields import (
    AnyOfFilter,
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    MomentFilter,
    NumberFilter,
    UUIDFilter,
)
from config.shared.filters import MAX_SEARCH
from config.shared.place_filters import DEFAULT_RADIUS_KM, NumbersFilter, PlaceFilterSet

LARGEST_RADIUS_KM = 50
RADII = ("radius", "radius_km")


class DegreesFilter(NumberFilter):
    """A latitude or a longitude."""

    def __init__(self, *args: Any, bound: int, **kwargs: Any) -> None:
        bounds: dict[str, Any] = {"min_value": -bound, "max_value": bound, "max_digits": 24}
        super().__init__(*args, **bounds, **kwargs)


class KilometresFilter(NumberFilter):
    """How far around a place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_value=LARGEST_RADIUS_KM, **kwargs)


class ProductConditions(PlaceFilterSet):
    """What is asked of a product in a feed, on a list or on a map."""

    feed = ChoiceFilter(
        choices=FeedType.choices,
        method="leave",
        label="`discover`, what everybody may see, unless given; `community` for one's buildings.",
    )
    building = UUIDFilter(
        method="leave",
        label="Of the community feed: this building's alone; otherwise that of all of one's own.",
    )
    category = AnyOfFilter(choices=ProductCategory.choices)
    condition = AnyOfFilter(choices=ProductCondition.choices)
    min_price = NumberFilter(method="leave", label="It costs at least this.")
    max_price = NumberFilter(method="leave", label="It costs at most this.")
    currency = CharFilter(lookup_expr="exact", max_length=3)
    seller = UUIDFilter(field_name="seller")
    is_available = BooleanFilter(
        method="filter_available", label="Free at this moment, or reserved by somebody."
    )
    created_since = MomentFilter(
        field_name="listed_at", lookup_expr="gte", label="In the feed since this moment or later."
    )
    has_photo = BooleanFilter(method="filter_photo", label="With a photograph, or without.")
    style = CharFilter(
        method="filter_style", max_length=40, label="One of its lifestyle words is this one."
    )
    followed = BooleanFilter(
        method="filter_followed", label="Of sellers whom the caller follows, or of others."
    )
    search = CharFilter(
        method="leave",
        max_length=MAX_SEARCH,
        label='Words, "phrases", or, -without; typing errors are forgiven where little is found.',
    )

    class Meta:
        model = Product
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What stands in the feed that was asked for, and is as it was asked for."""
        given, user = self.form.cleaned_data, self.request.user
        building, text = given.get("building"), given.get("search")
        self.asked_feed = given.get("feed") or FeedType.DISCOVER
        if building is not None and self.asked_feed != FeedType.COMMUNITY:
            raise _refused("building", "feed_missing", "Give `feed=community` as well.")
        feed = feed_of(user=user, feed=self.asked_feed, building=building)
        found = super().filter_queryset(feed).priced(given.get("min_price"), given.get("max_price"))
        self.asked_search = search_for(text, feed=feed) if text else None
        return found if self.asked_search is None else found.with_words(self.asked_search.query)

    def leave(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Everything: see ``filter_queryset``."""
        return queryset

    def filter_bbox(self, queryset: Any, name: str, value: Any) -> Any:
        """What lies in the box."""
        return in_box(queryset, value, is_small=self.asked_feed == FeedType.COMMUNITY)

    def filter_available(self, queryset: Any, name: str, value: bool) -> Any:
        """What is free at this moment, or what is not."""
        return queryset.free(value)

    def filter_photo(self, queryset: Any, name: str, value: bool) -> Any:
        """What has a photograph, or what has none."""
        return queryset.pictured(value)

    def filter_style(self, queryset: Any, name: str, value: str) -> Any:
        """What has the word among its lifestyle words."""
        return queryset.styled(value)

    def filter_followed(self, queryset: Any, name: str, value: bool) -> Any:
        """What sellers offer whom the caller follows, or others."""
        return queryset.of_followed(self.request.user, value)


class ProductMapFilter(ProductConditions):
    """A feed on a map: see ``catalog.services.product_map``."""

    near = None  # type: ignore[assignment]
    radius_km = None  # type: ignore[assignment]
    bbox = NumbersFilter(
        shape="west,south,east,north",
        method="filter_bbox",
        required=True,
        label="The box of the map in degrees; west above east crosses the antimeridian.",
    )
    zoom = WholeFilter(
        method="leave",
        required=True,
        max_value=MAX_ZOOM,
        label="How far the map is zoomed in: 0 is the whole world, each step doubles it.",
    )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What was asked for, in heaps."""
        found = super().filter_queryset(queryset)
        return heaps_of(found, user=self.request.user, zoom=int(self.form.cleaned_data["zoom"]))


class ProductFilter(ProductConditions):
    """A feed as a list: also by distance, and in one of several orders."""

    lat = DegreesFilter(bound=90, method="leave", label="Latitude of a place, with `lng`.")
    lng = DegreesFilter(bound=180, method="leave", label="Longitude of a place, with `lat`.")
    radius = KilometresFilter(method="leave", label="The same as `radius_km`.")
    radius_km = KilometresFilter(
        method="leave",
        label=f"How far from the place, in kilometres; {DEFAULT_RADIUS_KM} when left out.",
    )
    ordering = ChoiceFilter(
        choices=ProductOrder.choices,
        method="leave",
        label="`distance` needs a place and `relevance` needs `search`; newest first unless given.",
    )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What was asked for, around a place if there is one, in order, with its cards."""
        given = self.form.cleaned_data
        around = self._around()
        found: Any = super().filter_queryset(queryset)
        order = given.get("ordering") or ProductOrder.NEWEST
        if around is not None:
            found = near(
                found,
                around,
                is_small=self.asked_feed == FeedType.COMMUNITY,
                nearest_first=order == ProductOrder.DISTANCE,
            )
        wish = Wish(
            user=self.request.user, feed=self.asked_feed, around=around, search=self.asked_search
        )
        return in_order(found, order, wish=wish)

    def filter_near(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Everything: see ``filter_queryset``."""
        return queryset

    def _around(self) -> Around | None:
        """The place that was given, in either of the two ways."""
        given = self.form.cleaned_data
        apart = (given.get("lat"), given.get("lng"))
        radii = {name: given[name] for name in RADII if given.get(name) is not None}
        if given.get("near") is not None and apart != (None, None):
            raise _refused("near", "place_twice", "Give one place.")
        if len(radii) > 1:
            raise _refused("radius", "radius_twice", "Give one radius.")
        if (apart[0] is None) != (apart[1] is None):
            raise _refused("lat", "place_incomplete", "Give both `lat` and `lng`.")
        place = given.get("near") or (None if apart[0] is None else apart)
        if place is None and radii:
            raise _refused(next(iter(radii)), "near_missing", "Give a place as well.")
        if place is None:
            return None
        kilometres = float(next(iter(radii.values()), DEFAULT_RADIUS_KM))
        return Around(float(place[0]), float(place[1]), kilometres * 1000)


def _refused(parameter: str, code: str, message: str) -> InvalidInputError:
    return InvalidInputError.in_parameter(parameter, code, message)
