"""The feeds of products: which stand in them, how they are found, and what a list shows."""

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject, Now, Upper
from django.db.models.lookups import Exact

from accounts.choices import MediaStatus, UserStatus
from catalog.choices import LISTED_PRODUCTS, FeedType, ProductStatus
from config.shared.geo import PlaceQuerySetMixin
from config.shared.querysets import ModelT_co
from config.shared.search import CONFIGURATION

# What a card shows; the rest of a product, its exact place among it, is not even read.
CARD_COLUMNS = (
    "title",
    "price",
    "original_price",
    "currency",
    "category",
    "condition",
    "feed_type",
    "building",
    "neighborhood",
    "status",
    "cell_lat",
    "cell_lng",
    "like_count",
    "published_at",
    "seller__full_name",
    "seller__username",
    "seller__avatar__is_private",
)
PICTURE = JSONObject(id="media_id", is_private="media__is_private", renditions="media__renditions")


class FeedQuerySetMixin(PlaceQuerySetMixin[ModelT_co]):
    """Feeds of products, for their queryset."""

    if TYPE_CHECKING:
        on_discover: Any
        without_blocks: Any
        with_live_status: Any
        with_likes: Any
        with_neighbours: Any

    def discover_feed(self) -> Self:
        """What is offered to everybody by now, whoever sells it: see ``shown_to``."""
        found: Self = self.filter(status__in=LISTED_PRODUCTS).on_discover()
        return found.with_listed_at(FeedType.DISCOVER)

    def community_feed(self, buildings: Collection[UUID]) -> Self:
        """What is offered in these buildings, whoever sells it: see ``shown_to``."""
        found = self.filter(status__in=LISTED_PRODUCTS, building__in=buildings)
        return found.with_listed_at(FeedType.COMMUNITY)

    def shown_to(self, user: Any) -> Self:
        """Only of sellers who are still there and have no block with ``user``.

        A step of its own, so that thousands of rows need not be asked who sells them before the
        few that are shown are known.
        """
        found: Self = self.filter(seller__status=UserStatus.ACTIVE).without_blocks(user)
        return found

    def with_listed_at(self, feed: str) -> Self:
        """``listed_at``: since when it stands in a feed; neighbours may see it before others."""
        since = "published_at" if feed == FeedType.COMMUNITY else "discover_from"
        return self.annotate(listed_at=F(since))

    def free(self, is_free: bool) -> Self:
        """What can be bought at this moment, or what somebody has reserved."""
        lapsed = Q(status=ProductStatus.RESERVED, claimed_until__lte=Now())
        held = Q(status=ProductStatus.RESERVED, claimed_until__gt=Now())
        return self.filter(Q(status=ProductStatus.ACTIVE) | lapsed if is_free else held)

    def priced(self, lowest: Decimal | None, highest: Decimal | None) -> Self:
        """What costs from ``lowest`` to ``highest``, both included."""
        found = self if lowest is None else self.filter(price__gte=lowest)
        return found if highest is None else found.filter(price__lte=highest)

    def pictured(self, is_pictured: bool) -> Self:
        """What has a photograph, or what has none."""
        has_one = Exists(_pictures())
        return self.filter(has_one if is_pictured else ~has_one)

    def styled(self, word: str) -> Self:
        """What has ``word`` among its lifestyle words; the index of words finds it."""
        has_words = plain_words(word)
        # A word such as "the" is not in the index: then nothing narrows the search down.
        in_words = Q(search=has_words) | Q(Exact(NodeCount(has_words), 0))
        return self.filter(in_words, tags__contains={"lifestyle": [word]})

    def of_followed(self, user: Any, is_followed: bool) -> Self:
        """What people sell whom ``user`` follows, or others."""
        follows = Exists(follows_of(user))
        return self.filter(follows if is_followed else ~follows)

    def with_words(self, query: SearchQuery) -> Self:
        """What ``query`` finds in its title, tags or description, in whatever form."""
        return self.filter(search=query)

    def with_similar_title(self, text: str) -> Self:
        """What has something like ``text`` in its title: see ``catalog.services.product_words``."""
        return self.filter(TrigramWordSimilar(Upper("title"), Upper(Value(text))))

    def with_cards(self, user: Any) -> Self:
        """What a list shows of each, in one query: ``first_picture`` is what its links need."""
        cards: Self = (
            self.with_live_status()
            .with_likes(user)
            .with_neighbours(user)
            .select_related("seller__avatar")
            .only(*CARD_COLUMNS)
            .annotate(first_picture=Subquery(_pictures().values(shown=PICTURE)[:1]))
        )
        return cards


def _pictures() -> Any:
    """The photographs of a product that are checked, in their order."""
    pictures = apps.get_model("catalog.ProductImage").objects.order_by("position", "pk")
    return pictures.filter(product=OuterRef("pk"), media__status=MediaStatus.CLEAN)


class NodeCount(Func):
    """How many words a search has that the index knows."""

    function = "numnode"
    output_field = IntegerField()


def words(text: str) -> SearchQuery:
    """``text`` as people type it: words, "phrases", -without, and or."""
    return SearchQuery(text, config=CONFIGURATION, search_type="websearch")


def plain_words(text: str) -> SearchQuery:
    """All words of ``text``, signs in it counting for nothing."""
    return SearchQuery(text, config=CONFIGURATION, search_type="plain")


def follows_of(user: Any) -> Any:
    """The rows that say that ``user`` follows a product's seller."""
    follows = apps.get_model("accounts.Follow").objects.order_by()
    if not getattr(user, "is_authenticated", False):
        return follows.none()
    return follows.filter(follower=user, followed=OuterRef("seller"))
