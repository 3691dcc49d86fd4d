"""What can be said to whoever asks for a unit that somebody else has; never who has it."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from bookings.choices import WaitlistStatus
from bookings.models import Booking, WaitlistEntry
from bookings.services.claim_log import log_lost, place_of
from bookings.services.settling import Standing
from catalog.models import Unit
from config.shared.clock import database_now
from config.shared.errors import AlreadyClaimedError
from config.shared.retries import retry_transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Somebody's wish to hold a unit, as it came in."""

    actor: User
    customer: User
    unit: Unit
    asked_at: datetime
    notes: str = ""
    client_key: str = ""


def standing_at_a_glance(*, unit: Unit) -> Standing | None:
    """Who has ``unit`` at this moment, without waiting for anybody; None if that takes a lock.

    What is found is true: the claim is there, and its time is not over.
    """
    booking = Booking.objects.claiming().filter(unit=unit).first()
    offer = None
    if booking is None:
        offer = WaitlistEntry.objects.on_offer().filter(unit=unit).first()
    if booking is None and offer is None:
        return None
    return Standing(booking, offer, WaitlistEntry.objects.waiting().filter(unit=unit).count())


def is_taken(*, standing: Standing, customer: User) -> bool:
    """Whether somebody has the unit, other than ``customer`` by an offer made to them."""
    if standing.booking is not None:
        return True
    return standing.offer is not None and standing.offer.customer_id != customer.pk


@retry_transaction
def refuse_lost(*, ask: Ask, standing: Standing) -> AlreadyClaimedError:
    """Write down that ``ask`` came second, and say what can be said of it."""
    now = database_now()
    row = log_lost(
        unit=ask.unit,
        who=ask.customer,
        asked_at=ask.asked_at,
        now=now,
        reason=AlreadyClaimedError.code,
        to=standing.booking,
    )
    own = standing.booking is not None and standing.booking.customer_id == ask.customer.pk
    return AlreadyClaimedError(
        unit=str(ask.unit.pk),
        booking=str(standing.booking.pk) if own and standing.booking else None,
        current=standing.status.value,
        free_at=standing.until,
        waiting_count=standing.waiting + (standing.offer is not None),
        your_place=None if own else place_of(claim=row),
        server_time=now,
    )


def offer_of(*, standing: Standing, customer: User) -> WaitlistEntry | None:
    """The offer of the unit that was made to ``customer``, if one stands."""
    offer = standing.offer
    if offer is None or offer.customer_id != customer.pk:
        return None
    return offer if offer.status == WaitlistStatus.OFFERED else None
