"""What the deposit does to a booking: it confirms it, or revives it when it came too late."""

from datetime import datetime, timedelta

from accounts.models import User
from bookings.choices import BookingStatus
from bookings.flows import BOOKING_FLOW
from bookings.models import Booking
from bookings.services.claim_log import LATE_MONEY, log_won
from bookings.services.moving import move_booking
from bookings.services.plans import schedule_instalments
from bookings.services.settling import development_of, has_lapsed, is_on_sale, settle_unit
from catalog.choices import UnitStatus
from catalog.models import Unit
from config.shared.errors import InvalidTransitionError

# For so long after the time for a deposit was over, late money still finds what was agreed: slow
# bank transfers arrive within it.
AGREED_FOR = timedelta(days=7)


def confirm_booking(*, booking: Booking, now: datetime, actor: User | None = None) -> Booking:
    """Confirm a booking whose deposit has arrived, in the open transaction.

    The caller has locked the unit and then the booking, and read ``now`` after that. A booking
    whose time is over, though nobody has noticed, is an expired one: then it is revived if the
    unit is still free. Raises ``InvalidTransitionError`` if it is not, or was never checked out.
    """
    BOOKING_FLOW.check(booking.status, BookingStatus.CONFIRMED)
    if not has_lapsed(booking, now):
        _confirm(booking, now, actor)
    elif not revive_booking(booking=booking, now=now):
        raise InvalidTransitionError(
            booking.status, (), "The time for the deposit is over, and the unit is taken."
        )
    return booking


def revive_booking(*, booking: Booking, now: datetime) -> bool:
    """Confirm an expired booking whose deposit came late; False if the unit is no longer free.

    The caller has locked the unit and then the booking. Free is what anybody could hold: on sale,
    claimed by nobody and offered to nobody on the waiting list. After ``AGREED_FOR`` what was
    agreed holds no longer: nobody keeps a price for themselves by paying when it has risen. If it
    is False, nothing has changed.
    """
    unit = _unit_of(booking)
    settle_unit(unit=unit, now=now)
    booking.refresh_from_db(fields=["status"])
    if booking.status != BookingStatus.EXPIRED or unit.status != UnitStatus.AVAILABLE:
        return False
    if booking.pay_until is None or booking.pay_until + AGREED_FOR < now:
        return False
    if not is_on_sale(development_of(unit)):
        return False
    _confirm(booking, now, None)
    log_won(booking=booking, asked_at=now, reason=LATE_MONEY)
    return True


def _confirm(booking: Booking, now: datetime, actor: User | None) -> None:
    move_booking(booking, BookingStatus.CONFIRMED, actor=actor, confirmed_at=now)
    schedule_instalments(booking=booking, now=now)
    settle_unit(unit=_unit_of(booking), now=now)


def _unit_of(booking: Booking) -> Unit:
    """The unit of ``booking`` as it stands in the database; the caller holds its lock."""
    return Unit.objects.get(pk=booking.unit_id)
