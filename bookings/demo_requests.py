"""What the demo's customers ask about their bookings, and who waits for which unit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model

from accounts.models import User
from bookings.choices import (
    ClaimOutcome,
    ClaimSubject,
    RequestStatus,
    WaitlistStatus,
)
from bookings.demo_deals import Deal
from bookings.models import CancellationRequest, ClaimLog, TransferRequest, WaitlistEntry
from catalog.models import Unit
from config.shared.money import fee
from config.shared.seeding import Seed

OFFER = timedelta(hours=24)
OFFERED_HOURS = 4
DECIDED = (
    RequestStatus.APPROVED,
    RequestStatus.REJECTED,
    RequestStatus.DECLINED,
    RequestStatus.WITHDRAWN,
)


def cancellation(
    seed: Seed, deal: Deal, words: Mapping[str, Any], people: tuple[User, User]
) -> CancellationRequest:
    """A wish to leave, with what would be kept by the terms that were agreed."""
    status = RequestStatus(words["status"])
    asked = seed.ago(days=words["days"]) + timedelta(hours=8)
    policy = deal.booking.terms["cancellation_policy"]
    keeps = {line["stage"]: Decimal(line["percent"]) for line in policy["keep"]}
    percent = keeps[str(deal.reached)]
    paid = sum((row.amount for row in deal.payments if came(row, asked)), Decimal(0))
    whole = paid if policy["of"] == "paid" else deal.booking.price
    kept = min(paid, fee(whole, percent, deal.booking.currency))
    approved = status == RequestStatus.APPROVED
    first = approved or status == RequestStatus.SECOND_NEEDED
    return CancellationRequest(
        id=seed.key("cancellation", deal.key),
        booking=deal.booking,
        asked_by=deal.customer,
        reason=words.get("reason") or deal.words["reason"],
        status=status,
        currency=deal.booking.currency,
        paid_amount=paid,
        kept_percent=percent,
        kept_amount=kept,
        refund_amount=paid - kept,
        approved_by=people[0] if first else None,
        second_approved_by=people[1] if approved else None,
        decided_at=_decided(seed, deal, status, asked),
        decision_note=words.get("note", ""),
        created_at=asked,
    )


def came(payment: Any, before: datetime) -> bool:
    """Whether the money was there at that time."""
    return payment.completed_at is not None and payment.completed_at <= before


def _decided(seed: Seed, deal: Deal, status: RequestStatus, asked: datetime) -> datetime | None:
    if status not in DECIDED:
        return None
    if status == RequestStatus.APPROVED:
        return deal.ended
    return min(asked + timedelta(days=1), seed.present)


def transfer(
    seed: Seed,
    deal: Deal,
    words: Mapping[str, Any],
    to: User,
    *,
    leader: User,
    successor: Deal | None,
) -> TransferRequest:
    """A wish to pass a booking on."""
    status = RequestStatus(words["status"])
    asked = seed.ago(days=words["days"]) + timedelta(hours=9)
    agreed = {RequestStatus.ACCEPTED, RequestStatus.APPROVED, RequestStatus.REJECTED}
    by_builder = status in {RequestStatus.APPROVED, RequestStatus.REJECTED}
    return TransferRequest(
        id=seed.key("transfer", deal.key),
        booking=deal.booking,
        from_customer=deal.customer,
        to_customer=to,
        reason=words["reason"],
        status=status,
        accepted_at=asked + timedelta(hours=5) if status in agreed else None,
        decided_by=leader if by_builder else None,
        decided_at=_decided(seed, deal, status, asked),
        decision_note=words.get("note", ""),
        new_booking=successor.booking if successor else None,
        created_at=asked,
    )


def waiting_list(
    seed: Seed, unit: Unit, people: Sequence[tuple[User, str, Deal | None]]
) -> Iterator[Model]:
    """Everybody who waits for a unit, or did, and what came of offers to them."""
    for position, (customer, state, deal) in enumerate(people, 1):
        status = WaitlistStatus(state)
        joined = seed.present - timedelta(hours=60 - 3 * position)
        offered: datetime | None = None
        if deal is not None:
            offered, joined = deal.placed - timedelta(hours=2), deal.placed - timedelta(days=2)
        elif status == WaitlistStatus.LAPSED:
            offered = seed.present - OFFER - timedelta(hours=OFFERED_HOURS)
        elif status == WaitlistStatus.OFFERED:
            offered = seed.present - timedelta(hours=OFFERED_HOURS)
        yield WaitlistEntry(
            id=seed.key("waiting", unit.pk, customer.pk),
            unit=unit,
            customer=customer,
            status=status,
            position=position,
            offered_at=offered,
            offer_until=offered + OFFER if offered else None,
            booking=deal.booking if deal else None,
            created_at=joined,
        )
        if status == WaitlistStatus.LAPSED and offered:
            yield ClaimLog(
                id=seed.key("offer lapsed", unit.pk, customer.pk),
                subject=ClaimSubject.WAITLIST_OFFER,
                object_id=unit.pk,
                who=customer,
                asked_at=offered,
                outcome=ClaimOutcome.EXPIRED,
                ended_at=offered + OFFER,
                reason="offer_lapsed",
            )


def lost_claim(seed: Seed, deal: Deal, who: User) -> ClaimLog:
    """Somebody asked in vain, a little after the booking that stood in the way."""
    asked = min(deal.placed + timedelta(minutes=3), seed.present)
    return ClaimLog(
        id=seed.key("lost", deal.key, who.pk),
        subject=ClaimSubject.UNIT,
        object_id=deal.unit.pk,
        who=who,
        booking=deal.booking,
        asked_at=asked,
        outcome=ClaimOutcome.LOST,
        ended_at=asked,
        reason="already_claimed",
    )
