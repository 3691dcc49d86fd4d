"""Which files somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from accounts.choices import MediaStatus
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import MediaFile


class MediaFileQuerySet(VisibleQuerySet["MediaFile"]):
    """Files."""

    def clean(self) -> Self:
        return self.filter(status=MediaStatus.CLEAN)

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(owner=user) if user.is_authenticated else self.none()
