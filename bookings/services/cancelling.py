"""What goes with a booking that is cancelled: instalments, payments, unit and refunds."""

from datetime import datetime

from accounts.models import User
from bookings.choices import BookingStatus, ClaimOutcome
from bookings.models import Booking, CancellationRequest
from bookings.services.claim_log import log_ended
from bookings.services.ending import end_money
from bookings.services.moving import move_booking
from bookings.services.refunds import refund_booking
from bookings.services.settling import free_unit
from catalog.models import Unit
from config.shared.locks import lock

# In the words of the log of claims.
CANCELLED = "cancelled"


def cancel_for(
    *,
    request: CancellationRequest,
    unit: Unit,
    booking: Booking,
    actor: User,
    now: datetime,
) -> None:
    """Cancel ``booking`` as the approved ``request`` says, in the open transaction.

    The caller has locked unit, booking and request. The unit goes to whoever waits for it, and
    what is to be given back is spread over the payments that arrived.
    """
    lock(*booking.instalments.order_by("pk"))
    move_booking(
        booking,
        BookingStatus.CANCELLED,
        actor=actor,
        cancelled_at=now,
        cancel_reason=request.reason,
        refund_due=request.refund_amount,
    )
    end_money(booking=booking, actor=actor)
    log_ended(booking=booking, outcome=ClaimOutcome.RELEASED, now=now, reason=CANCELLED)
    free_unit(unit=unit, now=now)
    if request.refund_amount > 0:
        refund_booking(
            booking=booking,
            amount=request.refund_amount,
            requested_by=request.asked_by
            if request.second_approved_by is None
            else _first(request),
            approved_by=actor,
            cancellation=request,
        )


def _first(request: CancellationRequest) -> User | None:
    """Who approved first, where it took two."""
    return request.approved_by
