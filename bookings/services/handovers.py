"""The handover: both sides sign, and the home is the customer's.

With the second signature the booking is completed, the unit handed over, the buyer a verified
resident of the building and a member of its society, and the society told: all of it or nothing.
"""

from datetime import datetime

from accounts.models import Building, Organization, User
from accounts.services.joining import join_society
from accounts.services.residencies import LONGEST_LABEL, grant_residency
from bookings.choices import BookingStatus, InstalmentStatus
from bookings.deal_exceptions import (
    BuildingMissingError,
    NotReadyError,
    SignedAlreadyError,
    UnpaidError,
)
from bookings.flows import BOOKING_FLOW
from bookings.models import Booking
from bookings.services.deal_notices import tell_of_handover, tell_of_signature, tell_society
from bookings.services.instalment_notices import shown
from bookings.services.instalments import NOTHING, received_for
from bookings.services.moving import move_booking
from bookings.services.open_requests import refuse_while_asked
from catalog.choices import DevelopmentStatus, UnitStatus
from catalog.models import Unit
from catalog.services.hooks import Hook
from catalog.services.teams import SITE_ROLES, require_team
from catalog.services.unit_claims import shadow_unit
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import UnavailableError
from config.shared.locks import lock
from config.shared.money import written
from config.shared.retries import retry_transaction

PERMISSION = "bookings.manage_booking"
HANDED_OVER_FROM = (DevelopmentStatus.READY, DevelopmentStatus.HANDED_OVER)
CUSTOMER, BUILDER = "customer", "builder"

# user, building, now: a buyer has become a verified resident, and joins the building's circle.
resident_moved_in = Hook("a buyer has become a verified resident of a building")


@retry_transaction
def sign_handover(*, booking: Booking, actor: User, note: str = "") -> Booking:
    """Sign the handover for one's own side; the second of the two signatures completes it.

    The customer signs for themselves, and for the builder who works on its sites, or staff;
    nobody signs for both. ``note`` says what was confirmed, such as defects still to be mended.
    Raises ``BuildingMissingError``, ``NotReadyError`` and ``UnpaidError`` for a home that cannot
    be handed over, ``SignedAlreadyError`` for the same side's second signature, and
    ``RequestOpenError`` while a cancellation or transfer is undecided.

    Everything that the completion touches is locked first, in the global order: of two signatures
    at once the later one completes.
    """
    booking, unit, building, society = _locked(booking)
    side = _side_of(booking, actor)
    BOOKING_FLOW.check(booking.status, BookingStatus.COMPLETED)
    refuse_while_asked(booking)
    place = _check_ready(booking, building)
    now = database_now()
    _sign(booking, side, actor, note.strip(), now)
    if booking.handover_builder_at is None or booking.handover_customer_at is None:
        tell_of_signature(booking, side=side)
        return booking
    move_booking(booking, BookingStatus.COMPLETED, actor=actor, completed_at=now)
    shadow_unit(unit=unit, status=UnitStatus.HANDED_OVER)
    _move_in(booking, unit, place, society, now)
    return booking


def building_of(unit: Unit) -> Building | None:
    """The building that ``unit`` stands in: its own, or its development's if that has only one."""
    if unit.building is not None:
        return unit.building
    found = list(unit.development.buildings.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def label_of(unit: Unit) -> str:
    """What the home is called in its building: block and number, the number where that is long."""
    label = str(unit)
    return label if len(label) <= LONGEST_LABEL else unit.number


def _locked(booking: Booking) -> tuple[Booking, Unit, Building | None, Organization | None]:
    """Everything that a completion touches, locked in the global order."""
    building = building_of(booking.unit)
    society = building.society if building is not None else None
    parts = [part for part in (building, society) if part is not None]
    locked = lock(booking.customer, *parts, booking.unit, booking)
    found = {type(row): row for row in locked}
    now_in = building_of(found[Unit])
    if now_in != building or (now_in is not None and now_in.society != society):
        raise UnavailableError("The home's building has just changed.", retry_after=1)
    return found[Booking], found[Unit], found.get(Building), found.get(Organization)


def _side_of(booking: Booking, actor: User) -> str:
    """The side that ``actor`` signs for: whoever buys never signs for the builder."""
    if booking.customer_id == actor.pk:
        return CUSTOMER
    require_team(actor=actor, builder=booking.builder, roles=SITE_ROLES, permission=PERMISSION)
    return BUILDER


def _check_ready(booking: Booking, building: Building | None) -> Building:
    """Refuse what cannot be handed over; gives the building in which the home is."""
    if booking.development.status not in HANDED_OVER_FROM:
        raise NotReadyError
    if building is None:
        raise BuildingMissingError
    owed = list(booking.instalments.counting().exclude(status=InstalmentStatus.PAID))
    if owed:
        outstanding = sum((row.amount + row.late_fee - received_for(row) for row in owed), NOTHING)
        raise UnpaidError(
            f"{shown(outstanding, booking.currency)} of the price is still to be paid.",
            outstanding=written(outstanding, booking.currency),
            currency=booking.currency,
        )
    return building


def _sign(booking: Booking, side: str, actor: User, note: str, now: datetime) -> None:
    if getattr(booking, f"handover_{side}_at") is not None:
        raise SignedAlreadyError
    changes = {f"handover_{side}_at": now, f"handover_{side}_note": note}
    if side == BUILDER:
        changes["handover_signed_by_builder"] = actor
    for name, value in changes.items():
        setattr(booking, name, value)
    booking.save(update_fields=[*changes, "updated_at"])
    audit.record(
        "bookings.booking.handover_signed",
        target=booking,
        actor=actor,
        after={"side": side, "at": now},
    )


def _move_in(
    booking: Booking, unit: Unit, building: Building, society: Organization | None, now: datetime
) -> None:
    """Make the buyer a resident and a member, and tell them and the society."""
    buyer = booking.customer
    grant_residency(user=buyer, building=building, unit_label=label_of(unit))
    if society is not None:
        join_society(society=society, user=buyer)
    resident_moved_in(user=buyer, building=building, now=now)
    tell_of_handover(booking, building=building.name)
    if society is not None:
        tell_society(society, booking=booking, building=building.name)
