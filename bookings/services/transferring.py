"""What goes with a booking that passes to somebody else: instalments, money, changes, the unit."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from bookings.choices import BookingStatus, ChangeRequestStatus, ClaimOutcome
from bookings.models import Booking, ChangeRequest, Instalment, Payment
from bookings.services.claim_log import log_ended, log_won
from bookings.services.moving import announce_booking, move_booking
from bookings.services.open_payments import cancel_open_payments
from bookings.services.references import BOOKING, next_reference
from catalog.choices import UnitStatus
from catalog.models import Unit
from catalog.services.unit_claims import shadow_unit
from config.shared import audit
from config.shared.locks import lock

# Changes that the builder knows of and that are or may still be carried out; drafts and what was
# refused stay with who wrote them.
FOLLOWING_CHANGES = (
    ChangeRequestStatus.SUBMITTED,
    ChangeRequestStatus.UNDER_REVIEW,
    ChangeRequestStatus.QUOTED,
    ChangeRequestStatus.APPROVED,
    ChangeRequestStatus.IN_PROGRESS,
    ChangeRequestStatus.COMPLETED,
)

# In the words of the log of claims.
TRANSFERRED = "transferred"


def pass_on(
    *, unit: Unit, booking: Booking, to_customer: User, actor: User, now: datetime
) -> Booking:
    """End ``booking`` as transferred and begin the one of ``to_customer``, in the open transaction.

    The caller has locked unit and booking. The old one leaves before the new one comes, so that
    the unit is never claimed twice; both keep their own history. The old contract stays with the
    old booking.
    """
    instalments = list(booking.instalments.order_by("pk"))
    changes = list(_following(booking).order_by("pk"))
    payments = list(booking.payments.order_by("pk"))
    lock(*instalments, *changes, *payments)
    cancel_open_payments(booking=booking)
    new = _successor(booking, to_customer, now)
    move_booking(
        booking,
        BookingStatus.TRANSFERRED,
        actor=actor,
        transferred_to=new,
    )
    new.save(force_insert=True)
    announce_booking(new)
    audit.record(
        "bookings.booking.confirmed",
        target=new,
        actor=actor,
        after={"status": new.status, "transferred_from": booking.pk, "customer": to_customer.pk},
    )
    _hand_on(booking, new, changes)
    log_ended(booking=booking, outcome=ClaimOutcome.RELEASED, now=now, reason=TRANSFERRED)
    log_won(booking=new, asked_at=now, reason=TRANSFERRED)
    if unit.status != UnitStatus.RESERVED:
        shadow_unit(unit=unit, status=UnitStatus.RESERVED)
    return new


def _successor(booking: Booking, customer: User, now: datetime) -> Booking:
    """The booking that follows: frozen as ``booking`` was, for ``customer``."""
    return Booking(
        reference=next_reference(BOOKING),
        unit_id=booking.unit_id,
        development_id=booking.development_id,
        builder_id=booking.builder_id,
        customer=customer,
        sales_agent_id=booking.sales_agent_id,
        status=BookingStatus.CONFIRMED,
        price=booking.price,
        currency=booking.currency,
        plan=booking.plan,
        terms=booking.terms,
        deposit_amount=booking.deposit_amount,
        confirmed_at=now,
    )


def _hand_on(booking: Booking, new: Booking, changes: list[ChangeRequest]) -> None:
    """Let instalments, the payments for them and change requests follow the booking."""
    Instalment.objects.filter(booking=booking).update(booking=new, updated_at=new.confirmed_at)
    Payment.objects.filter(booking=booking).update(booking=new, updated_at=new.confirmed_at)
    ChangeRequest.objects.filter(pk__in=[change.pk for change in changes]).update(
        booking=new, customer=new.customer, updated_at=new.confirmed_at
    )


def _following(booking: Booking) -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.filter(booking=booking, status__in=FOLLOWING_CHANGES)
