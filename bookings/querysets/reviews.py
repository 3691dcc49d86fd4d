"""Which reviews somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q
from django.db.models.functions import Now

from bookings.market_choices import ReviewStatus
from bookings.querysets.homes import is_signed_in, is_staff_with
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import Review


class ReviewQuerySet(VisibleQuerySet["Review"]):
    """Reviews."""

    def shown(self) -> Self:
        """Those that everybody may read by now."""
        return self.filter(status=ReviewStatus.PUBLISHED, visible_from__lte=Now())

    def visible_to(self, user: Any) -> Self:
        """What is shown to everybody, and what one wrote oneself; staff see all."""
        shown = Q(status=ReviewStatus.PUBLISHED, visible_from__lte=Now())
        if not is_signed_in(user):
            return self.filter(shown)
        if is_staff_with(user, "bookings.view_review"):
            return self.all()
        return self.filter(shown | Q(author=user))
