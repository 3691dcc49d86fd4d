"""What came of everybody's claim to a unit: written once, never changed."""

from datetime import datetime
from typing import Any

from accounts.models import User
from bookings.choices import ClaimOutcome, ClaimSubject
from bookings.models import Booking, ClaimLog
from catalog.models import Unit

# In the words of the log, beyond the codes of refusals.
OFFER_TAKEN = "offer_taken"
OFFER_LAPSED = "offer_lapsed"
LEFT = "left"
LATE_MONEY = "late_money"


def log_won(
    *, booking: Booking, asked_at: datetime, reason: str = "", offered: bool = False
) -> ClaimLog:
    """Write down that the claim which ``booking`` is was the one that counted."""
    return ClaimLog.objects.create(
        subject=ClaimSubject.WAITLIST_OFFER if offered else ClaimSubject.UNIT,
        object_id=booking.unit_id,
        who_id=booking.customer_id,
        booking=booking,
        asked_at=asked_at,
        outcome=ClaimOutcome.WON,
        reason=reason,
    )


def log_lost(
    *, unit: Unit, who: User, asked_at: datetime, now: datetime, reason: str, to: Booking | None
) -> ClaimLog:
    """Write down that ``who`` asked in vain; ``to`` is the booking that stood in the way."""
    return ClaimLog.objects.create(
        subject=ClaimSubject.UNIT,
        object_id=unit.pk,
        who=who,
        booking=to,
        asked_at=asked_at,
        outcome=ClaimOutcome.LOST,
        ended_at=now,
        reason=reason,
    )


def log_ended(*, booking: Booking, outcome: str, now: datetime, reason: str = "") -> ClaimLog:
    """Write down that the claim of ``booking`` has ended: it expired, or was released."""
    return ClaimLog.objects.create(
        subject=ClaimSubject.UNIT,
        object_id=booking.unit_id,
        who_id=booking.customer_id,
        booking=booking,
        asked_at=booking.created_at,
        outcome=outcome,
        ended_at=now,
        reason=reason[:200],
    )


def log_offer_ended(
    *, unit: Unit, who: User, offered_at: datetime, outcome: str, now: datetime, reason: str
) -> ClaimLog:
    """Write down that an offer from the waiting list was not taken up."""
    return ClaimLog.objects.create(
        subject=ClaimSubject.WAITLIST_OFFER,
        object_id=unit.pk,
        who=who,
        asked_at=offered_at,
        outcome=outcome,
        ended_at=now,
        reason=reason,
    )


def place_of(*, claim: ClaimLog) -> int | None:
    """The place of a lost claim among all who asked, the winner's being 1; None if unknown."""
    found: Any = ClaimLog.objects.with_place().get(pk=claim.pk)
    place: int | None = found.place
    return place
