"""Which reviews somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models import BooleanField, Case, CharField, Q, Value, When
from django.db.models.functions import Now

from bookings.market_choices import ReviewedDeal, ReviewStatus
from bookings.querysets.homes import is_signed_in, is_staff_with
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import Review


_SHOWN = Q(status=ReviewStatus.PUBLISHED, visible_from__lte=Now())


class ReviewQuerySet(VisibleQuerySet["Review"]):
    """Reviews."""

    def shown(self) -> Self:
        """Those that everybody may read by now."""
        return self.filter(_SHOWN)

    def with_details(self) -> Self:
        """What a representation shows besides the row: ``is_shown``, ``kind``, and the people."""
        return self.annotate(
            is_shown=Case(
                When(_SHOWN, then=Value(True)), default=Value(False), output_field=BooleanField()
            ),
            kind=Case(
                When(transaction__isnull=False, then=Value(ReviewedDeal.SALE)),
                default=Value(ReviewedDeal.APPOINTMENT),
                output_field=CharField(),
            ),
        ).select_related(
            "author__avatar",
            "subject_user__avatar",
            "subject_organization",
            "transaction",
            "appointment",
        )

    def visible_to(self, user: Any) -> Self:
        """What is shown to everybody, and what one wrote oneself; staff see all."""
        if not is_signed_in(user):
            return self.filter(_SHOWN)
        if is_staff_with(user, "bookings.view_review"):
            return self.all()
        return self.filter(_SHOWN | Q(author=user))
