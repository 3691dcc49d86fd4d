"""Which follows and blocks somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import Block, Follow


class FollowQuerySet(VisibleQuerySet["Follow"]):
    """Follows."""

    def visible_to(self, user: Any) -> Self:
        """One's own: whom one follows."""
        return self.filter(follower=user) if user.is_authenticated else self.none()


class BlockQuerySet(VisibleQuerySet["Block"]):
    """Blocks."""

    def visible_to(self, user: Any) -> Self:
        """One's own: whom one has shut out. Nobody learns who shut them out."""
        return self.filter(blocker=user) if user.is_authenticated else self.none()
