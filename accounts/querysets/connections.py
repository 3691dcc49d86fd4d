"""Which follows and blocks somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from accounts.choices import UserStatus
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import Block, Follow


class FollowQuerySet(VisibleQuerySet["Follow"]):
    """Follows. Lists of them run from the newest: identifiers are ordered by time."""

    def visible_to(self, user: Any) -> Self:
        """Whom one follows, and who follows one."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(Q(follower=user) | Q(followed=user))

    def by(self, user: Any) -> Self:
        """The active people that ``user`` follows."""
        return self.filter(follower=user, followed__status=UserStatus.ACTIVE)

    def of(self, user: Any) -> Self:
        """The active people who follow ``user``."""
        return self.filter(followed=user, follower__status=UserStatus.ACTIVE)

    def with_followed(self) -> Self:
        return self.select_related("followed__avatar")

    def with_follower(self) -> Self:
        return self.select_related("follower__avatar")


class BlockQuerySet(VisibleQuerySet["Block"]):
    """Blocks."""

    def visible_to(self, user: Any) -> Self:
        """One's own: whom one has shut out. Nobody learns who shut them out."""
        return (
            self.filter(blocker=user) if getattr(user, "is_authenticated", False) else self.none()
        )

    def with_blocked(self) -> Self:
        return self.select_related("blocked__avatar")


def without_blocks(people: Any, user: Any) -> Any:
    """Those of ``people`` who have no block with ``user``, in either way."""
    blocks = apps.get_model("accounts.Block").objects
    return people.filter(
        ~Exists(blocks.filter(blocker=user, blocked=OuterRef("pk"))),
        ~Exists(blocks.filter(blocker=OuterRef("pk"), blocked=user)),
    )
