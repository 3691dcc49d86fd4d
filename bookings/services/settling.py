"""What is true of a unit now: lapsed claims end, the next in line is offered it.

Nothing here depends on a job. Whoever decides about a unit locks it, settles it, and then looks;
the sweeper does the same for units that nobody asks about.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.choices import OrganizationStatus, UserStatus
from accounts.services.settings import get_setting
from bookings.choices import BookingStatus, ClaimOutcome, WaitlistStatus
from bookings.flows import WAITLIST_FLOW
from bookings.models import Booking, WaitlistEntry
from bookings.services import claim_log
from bookings.services.claim_notices import tell_of_expiry, tell_of_lapse, tell_of_offer
from bookings.services.ending import end_money
from bookings.services.moving import move_booking
from catalog.choices import SELLABLE_DEVELOPMENTS, UnitStatus
from catalog.flows import UNIT_FLOW
from catalog.models import Development, Unit
from catalog.services.unit_claims import shadow_unit
from config.shared.clock import database_now
from config.shared.flows import move
from config.shared.locks import lock

SHADOWS: dict[str, UnitStatus] = {
    BookingStatus.HELD: UnitStatus.HELD,
    BookingStatus.PENDING_PAYMENT: UnitStatus.HELD,
    BookingStatus.CONFIRMED: UnitStatus.RESERVED,
    BookingStatus.CONTRACTED: UnitStatus.SOLD,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Who has a unit now: a live booking, else whoever it is offered to, else nobody."""

    booking: Booking | None
    offer: WaitlistEntry | None
    waiting: int

    @property
    def until(self) -> datetime | None:
        """When the present claim ends by itself; None for one that does not."""
        if self.booking is not None:
            return ends_at(self.booking)
        return self.offer.offer_until if self.offer is not None else None

    @property
    def status(self) -> UnitStatus:
        """The state of the unit that follows."""
        if self.booking is not None:
            return SHADOWS[self.booking.status]
        return UnitStatus.AVAILABLE if self.offer is None else UnitStatus.HELD


def ends_at(booking: Booking) -> datetime | None:
    """When ``booking`` ends by itself in its present state; None if it does not."""
    if booking.status == BookingStatus.HELD:
        return booking.held_until
    return booking.pay_until if booking.status == BookingStatus.PENDING_PAYMENT else None


def has_lapsed(booking: Booking, now: datetime) -> bool:
    """Whether the time of ``booking`` is over, whatever state is stored."""
    until = ends_at(booking)
    return until is not None and until <= now


def is_on_sale(development: Development) -> bool:
    """Whether units of ``development`` may be held."""
    return (
        development.is_selling
        and development.deleted_at is None
        and development.status in SELLABLE_DEVELOPMENTS
        and development.builder.status == OrganizationStatus.ACTIVE
    )


def development_of(unit: Unit) -> Development:
    """The development of ``unit`` as it is now, with its builder."""
    return Development.objects.select_related("builder").get(pk=unit.development_id)


def settle_unit(*, unit: Unit, now: datetime) -> Standing:
    """End what has lapsed of the claims to ``unit``, offer it to the next in line, and say who
    has it; in the open transaction.

    The unit is locked, and ``now`` was read from the database after that.
    """
    booking = _live_booking(unit, now)
    offer = _live_offer(unit, now) if booking is None else None
    waiting = WaitlistEntry.objects.waiting().filter(unit=unit).count()
    standing = Standing(booking, offer, waiting)
    shadow(unit=unit, standing=standing)
    return standing


def free_unit(*, unit: Unit, now: datetime) -> Standing:
    """Let ``unit``, whose live booking has just ended, go to the next in line or to anybody."""
    return settle_unit(unit=unit, now=now)


def archive_obstacles(*, development: Development) -> list[str]:
    """What stands against putting ``development`` away: bookings that are not over.

    The caller has locked its units, so that none is held meanwhile.
    """
    live = Booking.objects.claiming().filter(development=development).count()
    return [f"Units that are held or sold, and not handed over: {live:,}."] if live else []


def settled_booking(*, booking: Booking) -> tuple[Unit, Booking, datetime]:
    """Lock ``booking`` and its unit and settle them; both as they are at the time returned."""
    unit, fresh = lock(booking.unit, booking)
    now = database_now()
    settle_unit(unit=unit, now=now)
    fresh.refresh_from_db(fields=["status"])
    return unit, fresh, now


def shadow(*, unit: Unit, standing: Standing) -> None:
    """Let the state of ``unit`` follow from who has it; what is blocked or lived in stays so."""
    status, until = standing.status, standing.until
    kept = {UnitStatus.BLOCKED, UnitStatus.HANDED_OVER}
    if status == UnitStatus.AVAILABLE and unit.status in kept:
        status = UnitStatus(unit.status)
    wanted = (status, until, standing.waiting)
    if (unit.status, unit.claimed_until, unit.waiting_count) == wanted:
        return
    if status not in {unit.status, *UNIT_FLOW.allowed(unit.status)}:
        shadow_unit(unit=unit, status=UnitStatus.AVAILABLE)
    shadow_unit(unit=unit, status=status, until=until, waiting_count=standing.waiting)


def _live_booking(unit: Unit, now: datetime) -> Booking | None:
    booking = Booking.objects.live().filter(unit=unit).first()
    if booking is None or not has_lapsed(booking, now):
        return booking
    (booking,) = lock(booking)
    move_booking(booking, BookingStatus.EXPIRED, actor=None)
    end_money(booking=booking, actor=None)
    claim_log.log_ended(booking=booking, outcome=ClaimOutcome.EXPIRED, now=now)
    tell_of_expiry(booking=booking)
    return None


def _live_offer(unit: Unit, now: datetime) -> WaitlistEntry | None:
    offer = unit.waitlist.filter(status=WaitlistStatus.OFFERED).select_related("customer").first()
    if offer is not None and offer.offer_until is not None and offer.offer_until > now:
        return offer
    if offer is not None:
        _lapse(unit, offer, now)
    if unit.status == UnitStatus.HANDED_OVER or not unit.waitlist.waiting().exists():
        return None
    if unit.status == UnitStatus.BLOCKED or not is_on_sale(development_of(unit)):
        return None
    return _offer_to_next(unit, now)


def _lapse(unit: Unit, offer: WaitlistEntry, now: datetime) -> None:
    (offer,) = lock(offer)
    move(offer, WaitlistStatus.LAPSED, flow=WAITLIST_FLOW, actor=None)
    claim_log.log_offer_ended(
        unit=unit,
        who=offer.customer,
        offered_at=offer.offered_at or now,
        outcome=ClaimOutcome.EXPIRED,
        now=now,
        reason=claim_log.OFFER_LAPSED,
    )
    tell_of_lapse(entry=offer)


def _offer_to_next(unit: Unit, now: datetime) -> WaitlistEntry | None:
    """Offer ``unit`` to the first who waits; who is no longer there loses their place."""
    for entry in unit.waitlist.waiting().select_related("customer").order_by("position"):
        (locked,) = lock(entry)
        if entry.customer.status != UserStatus.ACTIVE:
            move(locked, WaitlistStatus.LEFT, flow=WAITLIST_FLOW, actor=None)
            continue
        until = now + timedelta(hours=get_setting("waitlist_offer_hours"))
        move(
            locked,
            WaitlistStatus.OFFERED,
            flow=WAITLIST_FLOW,
            actor=None,
            offered_at=now,
            offer_until=until,
        )
        tell_of_offer(entry=locked)
        return locked
    return None
