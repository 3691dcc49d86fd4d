"""Which sales somebody may see, and what is true of them now."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Case, CharField, F, Prefetch, Q, Value, When
from django.db.models.functions import Now

from bookings.choices import LIVE_TRANSACTIONS, ReleaseState, TransactionStatus
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

    def due_for_release(self) -> Self:
        """Held money that nobody objected to in time, by the database's clock."""
        return self.filter(release_state=ReleaseState.HELD, auto_release_at__lte=Now())

    def with_details(self) -> Self:
        """Who sells what to whom, and how it is paid; the state as it is now."""
        payments = apps.get_model("bookings.Payment").objects.that_count()
        return (
            self.with_live_status()
            .select_related("product__seller", "buyer__avatar", "seller__avatar")
            .prefetch_related(Prefetch("payments", payments, to_attr="counting_payments"))
        )

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
