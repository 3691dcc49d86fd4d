"""Which payments somebody may see, and what the ledger adds up to."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import DecimalField, Exists, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce

from bookings.choices import RECEIVED_PAYMENTS, RefundReason
from bookings.querysets.homes import is_signed_in, is_staff_with, led_builders, of_either
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import LedgerEntry, Payment, PaymentFact, Refund, WebhookEvent

RETURNED_AT_ONCE = (RefundReason.LATE_MONEY, RefundReason.SURPLUS)
MONEY: "DecimalField[Any, Any]" = DecimalField(max_digits=14, decimal_places=3)


class PaymentQuerySet(VisibleQuerySet["Payment"]):
    """Payments."""

    def received(self) -> Self:
        """Those whose money has arrived, whatever was given back since."""
        return self.filter(status__in=RECEIVED_PAYMENTS)

    def that_count(self) -> Self:
        """Without those that the platform gave back by its own rules: they bought nothing."""
        given_back = apps.get_model("bookings.Refund").objects.filter(
            payment=OuterRef("pk"), requested_by=None, reason__in=RETURNED_AT_ONCE
        )
        return self.filter(~Exists(given_back)).order_by("completed_at", "pk")

    def with_parties(self) -> Self:
        """Who pays whom, for what."""
        return self.select_related(
            "payer__avatar",
            "payee_user__avatar",
            "payee_organization",
            "booking__unit",
            "instalment",
            "transaction__product",
        )

    def with_papers(self) -> Self:
        """What stands on a receipt."""
        return self.select_related(
            "payer",
            "instalment__booking__unit",
            "instalment__booking__development",
            "instalment__booking__builder",
            "payee_user",
            "transaction__product",
            "transaction__seller",
        )

    def visible_to(self, user: Any) -> Self:
        """What one pays or is paid, and what a builder for whom one acts is paid."""
        if not is_signed_in(user):
            return self.none()
        if is_staff_with(user, "bookings.view_payment"):
            return self.all()
        found: Self = of_either(
            self,
            Q(payer=user),
            Q(payee_user=user),
            Q(payee_organization__in=led_builders(user)),
        )
        return found


class RefundQuerySet(VisibleQuerySet["Refund"]):
    """Refunds."""

    def with_payment(self) -> Self:
        """The payment that each belongs to, and who asked and approved."""
        return self.select_related(
            "payment__payee_organization",
            "payment__booking",
            "requested_by__avatar",
            "approved_by__avatar",
        )

    def visible_to(self, user: Any) -> Self:
        """Those of payments that ``user`` may see."""
        if is_staff_with(user, "bookings.view_refund"):
            return self.all()
        seen = apps.get_model("bookings.Payment").objects.visible_to(user)
        return self.filter(payment__in=seen.order_by().values("pk"))


class PaymentFactQuerySet(VisibleQuerySet["PaymentFact"]):
    """What gateways said; for staff alone."""


class LedgerEntryQuerySet(VisibleQuerySet["LedgerEntry"]):
    """The ledger; for staff alone."""

    def balance(self) -> Decimal:
        """The sum of the entries, debits above zero."""
        nothing = Value(Decimal(0), output_field=MONEY)
        found: Decimal = self.aggregate(sum=Coalesce(Sum("amount"), nothing))["sum"]
        return found


class WebhookEventQuerySet(VisibleQuerySet["WebhookEvent"]):
    """Messages of gateways; for staff alone."""
