"""Waiting for a unit: whoever comes first is offered it first."""

from typing import Any

from django.db.models import Max

from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import ClaimOutcome, WaitlistStatus
from bookings.claim_exceptions import (
    HoldingAlreadyError,
    NotOnSaleError,
    UnitAvailableError,
    UnitBlockedError,
    UnitHandedOverError,
    WaitingAlreadyError,
    WaitlistFullError,
)
from bookings.flows import WAITLIST_FLOW
from bookings.models import WaitlistEntry
from bookings.services.claim_log import LEFT, log_offer_ended
from bookings.services.settling import Standing, development_of, is_on_sale, settle_unit
from catalog.choices import UnitStatus
from catalog.models import Unit
from catalog.services.teams import SELLING_ROLES, require_team
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import DomainError, MissingError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction


@retry_transaction
def join_waitlist(*, actor: User, unit: Unit) -> WaitlistEntry:
    """Put ``actor`` at the end of the waiting list of ``unit``.

    Only for a unit that somebody else has: raises ``UnitAvailableError`` for one that can be held
    at once, ``HoldingAlreadyError``, ``WaitingAlreadyError``, ``WaitlistFullError``, and the
    refusals of units that are not for sale.
    """
    (unit,) = lock(unit)
    standing = settle_unit(unit=unit, now=database_now())
    refusal = _refusal(actor, unit, standing)
    if refusal is not None:
        raise refusal
    last = unit.waitlist.aggregate(last=Max("position"))["last"] or 0
    entry = WaitlistEntry.objects.create(unit=unit, customer=actor, position=last + 1)
    audit.record(
        "bookings.waitlistentry.waiting", target=entry, actor=actor, after={"unit": unit.pk}
    )
    _settle(unit)
    return _shown(entry)


@retry_transaction
def leave_waitlist(*, actor: User, unit: Unit) -> WaitlistEntry:
    """Take ``actor`` off the waiting list of ``unit``; an offer goes to the next in line.

    Raises ``MissingError`` for who does not stand on it.
    """
    (unit,) = lock(unit)
    now = database_now()
    settle_unit(unit=unit, now=now)
    entry = unit.waitlist.open().filter(customer=actor).first()
    if entry is None:
        raise MissingError("You do not wait for this unit.")
    (entry,) = lock(entry)
    offered_at = entry.offered_at if entry.status == WaitlistStatus.OFFERED else None
    move(entry, WaitlistStatus.LEFT, flow=WAITLIST_FLOW, actor=actor)
    if offered_at is not None:
        log_offer_ended(
            unit=unit,
            who=actor,
            offered_at=offered_at,
            outcome=ClaimOutcome.RELEASED,
            now=now,
            reason=LEFT,
        )
    _settle(unit)
    return entry


def waitlist_of_unit(*, actor: User, unit: Unit) -> Any:
    """Who waits for ``unit``, or did, for those who sell for its builder, and for staff.

    Raises ``NotAllowedError`` for everybody else.
    """
    require_team(
        actor=actor,
        builder=unit.development.builder,
        roles=SELLING_ROLES,
        permission="bookings.view_waitlistentry",
    )
    return WaitlistEntry.objects.filter(unit=unit).with_details()


def _settle(unit: Unit) -> None:
    settle_unit(unit=unit, now=database_now())


def _shown(entry: WaitlistEntry) -> WaitlistEntry:
    return WaitlistEntry.objects.with_details().get(pk=entry.pk)


def _refusal(actor: User, unit: Unit, standing: Standing) -> DomainError | None:
    if unit.status == UnitStatus.HANDED_OVER:
        return UnitHandedOverError(current=unit.status)
    if standing.booking is not None and standing.booking.customer_id == actor.pk:
        return HoldingAlreadyError(booking=str(standing.booking.pk))
    if unit.waitlist.open().filter(customer=actor).exists():
        return WaitingAlreadyError()
    if unit.status == UnitStatus.BLOCKED:
        return UnitBlockedError(current=unit.status)
    if not is_on_sale(development_of(unit)):
        return NotOnSaleError(current=unit.status)
    if unit.status == UnitStatus.AVAILABLE:
        return UnitAvailableError(current=unit.status)
    limit = get_setting("waitlist_limit")
    if unit.waitlist.open().count() >= limit:
        return WaitlistFullError(limit=limit)
    return None
