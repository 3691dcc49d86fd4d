"""What a cancellation costs by the terms that were frozen into the booking."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from accounts.services.settings import get_setting
from bookings.choices import RefundStatus
from bookings.models import Booking, Refund
from bookings.services.instalments import paid_for
from bookings.services.open_requests import check_binding
from config.shared.money import fee

# Refunds that have neither arrived nor been turned down.
ON_ITS_WAY = (
    RefundStatus.REQUESTED,
    RefundStatus.APPROVED,
    RefundStatus.PROCESSING,
    RefundStatus.FAILED,
)


@dataclass(frozen=True, slots=True)
class CancellationTerms:
    """What would be kept and given back, with what it was computed from."""

    stage: str
    currency: str
    paid_amount: Decimal
    kept_percent: Decimal
    kept_of: str
    kept_amount: Decimal
    refund_amount: Decimal
    needs_second_person: bool


def quote_cancellation(*, booking: Booking) -> CancellationTerms:
    """What would be kept and given back if ``booking`` were cancelled now.

    Raises ``InvalidTransitionError`` for a booking that is not confirmed or contracted.
    """
    check_binding(booking)
    return terms_of(booking=booking, percent=percent_of(booking))


def percent_of(booking: Booking) -> Decimal:
    """The per cent that is kept at the booking's stage; a stage without one keeps nothing."""
    for line in _policy_of(booking).get("keep", ()):
        if line["stage"] == booking.status:
            return Decimal(line["percent"])
    return Decimal(0)


def terms_of(*, booking: Booking, percent: Decimal) -> CancellationTerms:
    """What ``percent`` keeps of what has been paid by now: never more than that.

    The per cent is of the price or of what was paid, as the frozen policy says.
    """
    of = _policy_of(booking).get("of", "price")
    paid = paid_for(booking) - _on_its_way_back(booking)
    whole = paid if of == "paid" else booking.price
    kept = min(paid, fee(whole, percent, booking.currency))
    refund = paid - kept
    return CancellationTerms(
        stage=booking.status,
        currency=booking.currency,
        paid_amount=paid,
        kept_percent=percent,
        kept_of=of,
        kept_amount=kept,
        refund_amount=refund,
        needs_second_person=needs_second_person(refund),
    )


def needs_second_person(refund: Decimal) -> bool:
    """Whether two people have to approve that ``refund`` is given back."""
    limit: Decimal = get_setting("second_person_above")
    return refund > limit


def _on_its_way_back(booking: Booking) -> Decimal:
    """What is to be given back already, and counts as paid only because it has not arrived."""
    refunds = Refund.objects.filter(payment__booking=booking, status__in=ON_ITS_WAY)
    found: Decimal | None = refunds.aggregate(sum=Sum("amount"))["sum"]
    return found or Decimal(0)


def _policy_of(booking: Booking) -> dict[str, Any]:
    policy: dict[str, Any] = booking.terms.get("cancellation_policy") or {}
    return policy
