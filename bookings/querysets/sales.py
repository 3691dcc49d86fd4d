"""Which sales somebody may see, and what is true of them now."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Now

from bookings.choices import LIVE_TRANSACTIONS, TransactionStatus
from bookings.querysets.homes import is_signed_in, is_staff_with, of_either
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import Transaction

_OVER = Q(status=TransactionStatus.PENDING, reserved_until__lte=Now())


class TransactionQuerySet(VisibleQuerySet["Transaction"]):
    """Sales between people."""

    def live(self) -> Self:
        """Those that claim their product, as they are stored; a lapsed one is among them."""
        return self.filter(status__in=LIVE_TRANSACTIONS)

    def lapsed(self) -> Self:
        """Reservations whose time is over, by the database's clock."""
        return self.filter(_OVER)

    def claiming(self) -> Self:
        """Those that claim their product now."""
        return self.live().exclude(_OVER)

    def with_live_status(self) -> Self:
        """``live_status``: the state as it is now, also where time ran out and no job has run."""
        return self.annotate(
            live_status=Case(
                When(_OVER, then=Value(TransactionStatus.FAILED)),
                default=F("status"),
                output_field=CharField(),
            )
        )

    def visible_to(self, user: Any) -> Self:
        """Those that one buys or sells by; staff see all."""
        if not is_signed_in(user):
            return self.none()
        if is_staff_with(user, "bookings.view_transaction"):
            return self.all()
        found: Self = of_either(self, Q(buyer=user), Q(seller=user))
        return found
