"""Which streams somebody may see, and how they are loaded."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from accounts.choices import ResidencyStatus, UserStatus
from catalog.choices import ReplayVisibility, StreamStatus, StreamVisibility
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from catalog.models import Stream, StreamKey, StreamPin, StreamViewer

_COMING_OR_LIVE = (StreamStatus.SCHEDULED, StreamStatus.LIVE)


class StreamQuerySet(VisibleQuerySet["Stream"]):
    """Streams."""

    def live(self) -> Self:
        return self.filter(status=StreamStatus.LIVE)

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
        lives = apps.get_model("accounts.Residency").objects.filter(
            building=OuterRef("building"), user=user, status=ResidencyStatus.VERIFIED
        )
        private = showing & Q(visibility=StreamVisibility.BUILDING) | over & Q(
            replay_visibility=ReplayVisibility.BUILDING
        )
        neighbours = Q(Exists(lives), private, user__status=UserStatus.ACTIVE)
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
        """Those of streams that ``user`` may see."""
        seen = apps.get_model("catalog.Stream").objects.visible_to(user)
        return self.filter(stream__in=seen.order_by().values("pk"))


class StreamViewerQuerySet(VisibleQuerySet["StreamViewer"]):
    """Viewers; only their number is shown."""
