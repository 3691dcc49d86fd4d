"""Which streams somebody may see, and how they are loaded."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now

from accounts.choices import ResidencyStatus, UserStatus
from catalog.choices import ProductStatus, ReplayVisibility, StreamStatus, StreamVisibility
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from catalog.models import Stream, StreamKey, StreamPin, StreamViewer

IS_LIVE = ExpressionWrapper(Q(status=StreamStatus.LIVE), output_field=BooleanField())
_COMING_OR_LIVE = (StreamStatus.SCHEDULED, StreamStatus.LIVE)


class StreamQuerySet(VisibleQuerySet["Stream"]):
    """Streams."""

    def live(self) -> Self:
        return self.filter(status=StreamStatus.LIVE)

    def silent(self, *, silence: timedelta, start: timedelta) -> Self:
        """Live ones whose picture has been away for ``silence``, or did not come in ``start``."""
        return self.filter(_silent(silence, start))

    def with_live_status(self, *, silence: timedelta, start: timedelta) -> Self:
        """``live_status``: the state now, also where silence ended it and no job has run."""
        return self.annotate(
            live_status=Case(
                When(_silent(silence, start), then=Value(StreamStatus.ENDED)),
                default=F("status"),
                output_field=CharField(),
            )
        )

    def with_is_live(self) -> Self:
        """``is_live``: what is stored, so that live ones come first by index."""
        return self.annotate(is_live=IS_LIVE)

    def with_viewers(self, *, presence: timedelta) -> Self:
        """``viewers_now``: how many have been there within ``presence``; 0 unless it is live."""
        there = (
            apps.get_model("catalog.StreamViewer")
            .objects.order_by()
            .filter(stream=OuterRef("pk"), last_seen_at__gt=Now() - presence)
            .values("stream")
            .annotate(found=Count("pk"))
            .values("found")
        )
        return self.annotate(
            viewers_now=Case(
                When(
                    status=StreamStatus.LIVE,
                    then=Coalesce(Subquery(there, output_field=IntegerField()), 0),
                ),
                default=Value(0),
                output_field=IntegerField(),
            )
        )

    def with_card(self, user: Any) -> Self:
        """What a list shows of each: the pins of what ``user`` may see as ``shown_pins``, and
        ``is_neighbour``, whether they are a verified resident of its building."""
        pins = apps.get_model("catalog.StreamPin").objects.of_things_seen_by(user)
        known = getattr(user, "is_authenticated", False)
        return (
            self.select_related("user__avatar", "building", "development", "thumbnail", "recording")
            .annotate(is_neighbour=Exists(_homes_of(user)) if known else Value(False))
            .prefetch_related(Prefetch("pins", pins.order_by("order", "pk"), to_attr="shown_pins"))
        )

    def visible_to(self, user: Any) -> Self:
        """What everybody may watch, what is for one's own building, and one's own.

        Once a show is over, its replay's visibility counts. Between people with a block nothing is
        seen; staff see everything.
        """
        showing = Q(status__in=_COMING_OR_LIVE)
        over = Q(status=StreamStatus.ENDED)
        shown = Q(user__status=UserStatus.ACTIVE) & (
            showing & Q(visibility=StreamVisibility.PUBLIC)
            | over & Q(replay_visibility=ReplayVisibility.PUBLIC)
        )
        if not getattr(user, "is_authenticated", False):
            return self.filter(shown)
        if user.is_staff and user.has_perm("catalog.view_stream"):
            return self.all()
        private = showing & Q(visibility=StreamVisibility.BUILDING) | over & Q(
            replay_visibility=ReplayVisibility.BUILDING
        )
        neighbours = Q(Exists(_homes_of(user)), private, user__status=UserStatus.ACTIVE)
        blocks = apps.get_model("accounts.Block").objects
        return self.filter(shown | neighbours | Q(user=user)).filter(
            ~Exists(blocks.filter(blocker=user, blocked=OuterRef("user"))),
            ~Exists(blocks.filter(blocker=OuterRef("user"), blocked=user)),
        )


class StreamKeyQuerySet(VisibleQuerySet["StreamKey"]):
    """Permanent keys."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(user=user) if getattr(user, "is_authenticated", False) else self.none()


class StreamPinQuerySet(VisibleQuerySet["StreamPin"]):
    """Pins."""

    def visible_to(self, user: Any) -> Self:
        """Those of streams that ``user`` may see, of things that they may see."""
        seen = apps.get_model("catalog.Stream").objects.visible_to(user)
        return self.of_things_seen_by(user).filter(stream__in=seen.order_by().values("pk"))

    def of_things_seen_by(self, user: Any) -> Self:
        """Those of products and units that ``user`` may see: what is for neighbours stays so."""
        products = apps.get_model("catalog.Product").objects.visible_to(user)
        units = apps.get_model("catalog.Unit").objects.visible_to(user)
        # Asked for each pin: all that somebody may see would be far more than is pinned.
        return self.filter(
            Exists(products.order_by().filter(pk=OuterRef("product")))
            | Exists(units.order_by().filter(pk=OuterRef("unit")))
        )

    def with_cards(self) -> Self:
        """What is shown of each: the thing, its price, and whether it can be had now."""
        pictures = apps.get_model("catalog.ProductImage").objects.select_related("media")
        products = apps.get_model("catalog.Product").objects.annotate(
            live_status=Case(
                When(
                    status=ProductStatus.RESERVED,
                    claimed_until__lte=Now(),
                    then=Value(ProductStatus.ACTIVE),
                ),
                default=F("status"),
                output_field=CharField(),
            )
        )
        units = apps.get_model("catalog.Unit").objects.with_page()
        return self.prefetch_related(
            Prefetch(
                "product",
                products.prefetch_related(Prefetch("pictures", pictures.order_by("position"))),
            ),
            Prefetch("unit", units),
        )


class StreamViewerQuerySet(VisibleQuerySet["StreamViewer"]):
    """Viewers; only their number is shown."""

    def there(self, *, presence: timedelta) -> Self:
        """Those who have been there within ``presence``."""
        return self.filter(last_seen_at__gt=Now() - presence)


def _homes_of(user: Any) -> Any:
    """The residencies by which ``user`` belongs to the building of a stream."""
    residencies = apps.get_model("accounts.Residency").objects.order_by()
    return residencies.filter(
        building=OuterRef("building"), user=user, status=ResidencyStatus.VERIFIED
    )


def _silent(silence: timedelta, start: timedelta) -> Q:
    """Whether the show is over although nobody ended it, by the database's clock.

    The media server says when it lost the picture. If it has fallen silent itself, what it last
    said counts; before the first picture, since when it has been waited for.
    """
    return Q(status=StreamStatus.LIVE) & (
        Q(signal_lost_at__lte=Now() - silence)
        | Q(signal_lost_at__isnull=True, last_signal_at__lte=Now() - silence)
        | Q(last_signal_at__isnull=True, started_at__lte=Now() - start)
    )
