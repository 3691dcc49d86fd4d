"""Which instalments somebody may see, and what has been paid of each."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import (
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now

from bookings.choices import (
    LET_GO_INSTALMENTS,
    OWED_INSTALMENTS,
    RECEIVED_PAYMENTS,
    SOLD_BOOKINGS,
    WAITING_INSTALMENTS,
    BookingStatus,
    DueRule,
)
from bookings.querysets.homes import is_staff_with
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import Instalment

MONEY: "DecimalField[Any, Any]" = DecimalField(max_digits=14, decimal_places=3)


class InstalmentQuerySet(VisibleQuerySet["Instalment"]):
    """Parts of what customers owe."""

    def owed(self) -> Self:
        """Those that have to be paid today; not what was merely paid in part ahead of time."""
        return self.filter(status__in=OWED_INSTALMENTS, due_at__isnull=False)

    def demanded(self) -> Self:
        """Those that are owed for a booking that goes on, at this moment."""
        going_on = Q(booking__status__in=SOLD_BOOKINGS) | Q(
            booking__status=BookingStatus.PENDING_PAYMENT, booking__pay_until__gt=Now()
        )
        return self.owed().filter(going_on)

    def waiting(self) -> Self:
        """Those that something has yet to make due, whatever was paid of them ahead of time."""
        return self.filter(status__in=WAITING_INSTALMENTS, due_at__isnull=True)

    def objected(self) -> Self:
        """Those with an objection that nobody has answered."""
        return self.filter(objected_at__isnull=False, objection_resolved_at__isnull=True)

    def counting(self) -> Self:
        """Those that belong to what the customer pays: neither cancelled nor waived."""
        return self.exclude(status__in=LET_GO_INSTALMENTS)

    def visible_to(self, user: Any) -> Self:
        """Those of bookings that ``user`` may see."""
        if is_staff_with(user, "bookings.view_instalment"):
            return self.all()
        seen = apps.get_model("bookings.Booking").objects.visible_to(user)
        return self.filter(booking__in=seen.order_by().values("pk"))

    def with_paid(self) -> Self:
        """``paid_amount``: what arrived and was not given back; ``outstanding``: what is left,
        a late fee included, and nothing of what was waived or cancelled."""
        received = (
            apps.get_model("bookings.Payment")
            .objects.order_by()
            .filter(instalment=OuterRef("pk"), status__in=RECEIVED_PAYMENTS)
            .values("instalment")
            .annotate(total=Sum(F("amount") - F("refunded_amount"), output_field=MONEY))
            .values("total")
        )
        nothing = Value(Decimal(0), output_field=MONEY)
        left = ExpressionWrapper(F("amount") + F("late_fee") - F("paid_amount"), output_field=MONEY)
        return self.annotate(
            paid_amount=Coalesce(Subquery(received, output_field=MONEY), nothing)
        ).annotate(
            outstanding=Case(
                When(status__in=LET_GO_INSTALMENTS, then=nothing), default=left, output_field=MONEY
            )
        )

    def with_details(self) -> Self:
        """With what is shown beside each, what was paid, and ``read_at``, the time of reading."""
        return (
            self.with_paid()
            .annotate(read_at=Now())
            .select_related(
                "booking__development",
                "booking__unit",
                "booking__customer",
                "phase",
                "waiver_asked_by",
                "waived_by",
                "objection_resolved_by",
            )
        )

    def waiting_for(self, phase: Any) -> Self:
        """Those that become due once ``phase`` is completed."""
        return self.waiting().filter(due_rule=DueRule.PHASE, phase=phase)
