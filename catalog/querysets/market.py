"""Which products somebody may see, and how they are loaded."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    Value,
    When,
)
from django.db.models.functions import Now

from accounts.choices import ResidencyStatus, UserStatus
from catalog.choices import LISTED_PRODUCTS, PUBLISHED_PRODUCTS, ProductStatus
from catalog.querysets.feeds import FeedQuerySetMixin
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from catalog.models import Product, ProductLike, ProductView


class ProductQuerySet(FeedQuerySetMixin["Product"], VisibleQuerySet["Product"]):
    """Products."""

    def published(self) -> Self:
        """What has a page for others, sold things included, of people who are still there."""
        return self.filter(status__in=PUBLISHED_PRODUCTS, seller__status=UserStatus.ACTIVE)

    def listed(self) -> Self:
        """What stands in lists: for sale, or reserved for the moment."""
        return self.filter(status__in=LISTED_PRODUCTS, seller__status=UserStatus.ACTIVE)

    def on_discover(self) -> Self:
        """What everybody may see by now."""
        return self.filter(discover_from__isnull=False, discover_from__lte=Now())

    def of_neighbours(self, user: Any) -> Self:
        """What belongs to buildings where ``user`` is a verified resident."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(Exists(_homes_of(user)))

    def with_neighbours(self, user: Any) -> Self:
        """``is_neighbour``: whether ``user`` is a verified resident of the product's building."""
        if not getattr(user, "is_authenticated", False):
            return self.annotate(is_neighbour=Value(False))
        return self.annotate(is_neighbour=Exists(_homes_of(user)))

    def of_seller(self, user: Any) -> Self:
        """One person's own, in whatever state."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(seller=user)

    def without_blocks(self, user: Any) -> Self:
        """Without those whose seller and ``user`` have a block between them."""
        if not getattr(user, "is_authenticated", False):
            return self
        blocks = apps.get_model("accounts.Block").objects
        return self.filter(
            ~Exists(blocks.filter(blocker=user, blocked=OuterRef("seller"))),
            ~Exists(blocks.filter(blocker=OuterRef("seller"), blocked=user)),
        )

    def visible_to(self, user: Any) -> Self:
        """What is published for everybody or for one's own building, and what one sells oneself.

        Between people with a block nothing is seen; staff see everything.
        """
        public = Q(
            status__in=PUBLISHED_PRODUCTS,
            seller__status=UserStatus.ACTIVE,
            discover_from__isnull=False,
            discover_from__lte=Now(),
        )
        if not getattr(user, "is_authenticated", False):
            return self.filter(public)
        if user.is_staff and user.has_perm("catalog.view_product"):
            return self.all()
        neighbours = Q(
            Exists(_homes_of(user)),
            status__in=PUBLISHED_PRODUCTS,
            seller__status=UserStatus.ACTIVE,
        )
        return self.filter(public | neighbours | Q(seller=user)).without_blocks(user)

    def lapsed(self) -> Self:
        """Reserved ones whose time is over, by the database's clock."""
        return self.filter(status=ProductStatus.RESERVED, claimed_until__lte=Now())

    def with_live_status(self) -> Self:
        """``live_status``: the state as it is now, also where a reservation lapsed and no job has
        run; ``reserved_until``: when the present one does."""
        over = Q(status=ProductStatus.RESERVED, claimed_until__lte=Now())
        return self.annotate(
            live_status=Case(
                When(over, then=Value(ProductStatus.ACTIVE)),
                default=F("status"),
                output_field=CharField(),
            ),
            reserved_until=Case(
                When(over, then=None), default=F("claimed_until"), output_field=DateTimeField()
            ),
        )

    def with_likes(self, user: Any) -> Self:
        """``is_liked``: whether ``user`` likes it."""
        if not getattr(user, "is_authenticated", False):
            return self.annotate(is_liked=Value(False))
        likes = apps.get_model("catalog.ProductLike").objects
        return self.annotate(is_liked=Exists(likes.filter(product=OuterRef("pk"), user=user)))

    def liked_by(self, user: Any) -> Self:
        """What ``user`` likes."""
        likes = apps.get_model("catalog.ProductLike").objects
        return self.filter(Exists(likes.filter(product=OuterRef("pk"), user=user)))

    def with_page(self, user: Any) -> Self:
        """What the page of one shows: its live state, photographs, film, seller and building."""
        pictures = apps.get_model("catalog.ProductImage").objects.select_related("media")
        return (
            self.with_live_status()
            .with_likes(user)
            .with_neighbours(user)
            .select_related("seller__avatar", "building", "video", "video_thumbnail")
            .prefetch_related(Prefetch("pictures", pictures.order_by("position", "pk")))
        )


class ProductLikeQuerySet(VisibleQuerySet["ProductLike"]):
    """Likes."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(user=user) if getattr(user, "is_authenticated", False) else self.none()


class ProductViewQuerySet(VisibleQuerySet["ProductView"]):
    """Views; only their number is shown."""


def _homes_of(user: Any) -> Any:
    """The residencies by which ``user`` belongs to the building of a product."""
    residencies = apps.get_model("accounts.Residency").objects.order_by()
    return residencies.filter(
        building=OuterRef("building"), user=user, status=ResidencyStatus.VERIFIED
    )
