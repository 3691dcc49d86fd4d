"""From a hold to the deposit, and out of what has not been paid for."""

from datetime import timedelta

from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import SOLD_BOOKINGS, BookingStatus, ClaimOutcome
from bookings.claim_exceptions import PaidForError
from bookings.flows import BOOKING_FLOW
from bookings.models import Booking
from bookings.services.claim_log import log_ended
from bookings.services.ending import end_money
from bookings.services.holds import check_party
from bookings.services.moving import move_booking
from bookings.services.plans import make_instalments
from bookings.services.settling import free_unit, settle_unit, settled_booking
from config.shared.errors import NotAllowedError
from config.shared.retries import retry_transaction


@retry_transaction
def check_out(*, booking: Booking, actor: User) -> Booking:
    """Ask for the deposit: the hold waits for money now, as long as the setting says.

    For the customer alone. The instalments are made from the plan as it was frozen at the hold,
    whatever the unit costs meanwhile; the first of them, the deposit, is due at once.
    """
    if booking.customer_id != actor.pk:
        raise NotAllowedError("Only the customer goes on to the deposit.")
    unit, booking, now = settled_booking(booking=booking)
    move_booking(
        booking,
        BookingStatus.PENDING_PAYMENT,
        actor=actor,
        pay_until=now + timedelta(minutes=get_setting("deposit_minutes")),
    )
    make_instalments(booking=booking, now=now)
    settle_unit(unit=unit, now=now)
    return booking


@retry_transaction
def release_booking(*, booking: Booking, actor: User, reason: str = "") -> Booking:
    """Give up a hold, or a booking whose deposit is still awaited; the next in line is offered
    the unit.

    For the customer and the builder's sales. Raises ``PaidForError`` once the deposit is paid.
    """
    check_party(actor=actor, booking=booking)
    unit, booking, now = settled_booking(booking=booking)
    if booking.status in SOLD_BOOKINGS:
        raise PaidForError(
            current=booking.status, allowed=list(BOOKING_FLOW.allowed(booking.status))
        )
    # A customer's own words stand in the booking alone, where they can be taken out again.
    noted = "" if actor.pk == booking.customer_id else reason
    move_booking(
        booking,
        BookingStatus.CANCELLED,
        actor=actor,
        reason=noted,
        cancelled_at=now,
        cancel_reason=reason,
    )
    end_money(booking=booking, actor=actor)
    log_ended(booking=booking, outcome=ClaimOutcome.RELEASED, now=now, reason=noted)
    free_unit(unit=unit, now=now)
    return booking
