"""Which offers somebody may see, and what is true of them now."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Now

from bookings.market_choices import OfferSide, OfferStatus
from bookings.querysets.homes import is_signed_in, is_staff_with, of_either
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import Offer

_OVER = Q(status=OfferStatus.PENDING, expires_at__lte=Now())


class OfferQuerySet(VisibleQuerySet["Offer"]):
    """Offers."""

    def pending(self) -> Self:
        """Those that wait for an answer, as they are stored; an expired one is among them."""
        return self.filter(status=OfferStatus.PENDING)

    def lapsed(self) -> Self:
        """Those whose time is over, by the database's clock."""
        return self.filter(_OVER)

    def with_live_status(self) -> Self:
        """``live_status``: the state as it is now, also where time ran out and no job has run."""
        return self.annotate(
            live_status=Case(
                When(_OVER, then=Value(OfferStatus.EXPIRED)),
                default=F("status"),
                output_field=CharField(),
            )
        )

    def with_side(self) -> Self:
        """``proposed_by``: which of the two made it."""
        return self.annotate(
            proposed_by=Case(
                When(proposer=F("buyer"), then=Value(OfferSide.BUYER)),
                default=Value(OfferSide.SELLER),
                output_field=CharField(),
            )
        )

    def with_details(self) -> Self:
        """What a representation shows besides the row itself."""
        return (
            self.with_live_status()
            .with_side()
            .annotate(sale_id=F("transaction__pk"))
            .select_related("product", "buyer__avatar", "seller__avatar")
        )

    def visible_to(self, user: Any) -> Self:
        """Those that one made or was made; staff see all."""
        if not is_signed_in(user):
            return self.none()
        if is_staff_with(user, "bookings.view_offer"):
            return self.all()
        found: Self = of_either(self, Q(buyer=user), Q(seller=user))
        return found
