"""Holding a unit: at most one live claim, and the price as it is at that moment."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from accounts.choices import UserStatus
from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import LAPSING_BOOKINGS, BookingStatus, WaitlistStatus
from bookings.claim_exceptions import (
    ClientKeyUsedError,
    ExtensionLimitError,
    HoldLimitError,
    NotOnSaleError,
    UnitBlockedError,
    UnitHandedOverError,
)
from bookings.flows import BOOKING_FLOW, WAITLIST_FLOW
from bookings.models import Booking, WaitlistEntry
from bookings.services.claim_log import OFFER_TAKEN, log_lost, log_won
from bookings.services.claim_notices import tell_of_hold
from bookings.services.lost_claims import (
    Ask,
    is_taken,
    offer_of,
    refuse_lost,
    standing_at_a_glance,
)
from bookings.services.moving import announce_booking
from bookings.services.plans import deposit_of, frozen_plan, frozen_terms
from bookings.services.references import BOOKING, next_reference
from bookings.services.settling import (
    Standing,
    development_of,
    is_on_sale,
    settle_unit,
    settled_booking,
    shadow,
)
from catalog.choices import UnitStatus
from catalog.models import Development, Unit
from catalog.services.teams import SELLING_ROLES, require_team
from config.shared import audit
from config.shared.clock import database_now
from config.shared.database_problems import LOCK_NOT_AVAILABLE, sqlstate
from config.shared.errors import DomainError, InvalidInputError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

ONE_LIVE = "bookings_booking_one_live"


def place_hold(
    *,
    actor: User,
    unit: Unit,
    customer: User | None = None,
    notes: str = "",
    client_key: str = "",
) -> Booking:
    """Hold ``unit`` for ``customer`` (``actor``, when left out) at today's price and terms.

    The customer and the unit are locked, in this order, so of any number of simultaneous callers
    exactly one succeeds, and one person never holds more units than they may; a constraint of the
    database is the second net. The others get ``AlreadyClaimedError``, which says in which state
    the unit is, when it may be free, how many wait and the caller's place among those who asked,
    and never who has it. For somebody else only the builder's sales hold a unit.

    Raises ``NotAllowedError``, ``NotOnSaleError``, ``UnitBlockedError``, ``UnitHandedOverError``,
    ``ClientKeyUsedError`` and ``HoldLimitError``: as every quota, that is a 429, with the time
    when the next hold of the customer ends. Every claim that was lost is written down, and what
    had lapsed of others' claims stays ended: both are committed before the refusal is raised.
    """
    customer = customer or actor
    if customer.pk != actor.pk:
        _check_seller(actor, unit, customer)
    ask = Ask(
        actor=actor,
        customer=customer,
        unit=unit,
        asked_at=database_now(),
        notes=notes.strip(),
        client_key=client_key,
    )
    outcome = _taken(ask) or _claim_in_turn(ask)
    if isinstance(outcome, Standing):
        raise refuse_lost(ask=ask, standing=outcome)
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


@retry_transaction
def extend_hold(*, booking: Booking, actor: User) -> Booking:
    """Give a hold more time, as much at once as the setting says and capped in all.

    For the customer and the builder's sales. Raises ``ExtensionLimitError`` once nothing is left.
    """
    check_party(actor=actor, booking=booking)
    unit, booking, now = settled_booking(booking=booking)
    # Whatever could not become a payment is no hold any more.
    BOOKING_FLOW.check(booking.status, BookingStatus.PENDING_PAYMENT)
    until = booking.held_until or now
    limit = get_setting("hold_extension_limit_minutes")
    minutes = min(get_setting("hold_extension_minutes"), limit - booking.extended_minutes)
    if minutes <= 0:
        raise ExtensionLimitError(
            limit_minutes=limit,
            extended_minutes=booking.extended_minutes,
            held_until=until,
        )
    booking.held_until = until + timedelta(minutes=minutes)
    booking.extended_minutes += minutes
    booking.save(update_fields=["held_until", "extended_minutes", "updated_at"])
    settle_unit(unit=unit, now=now)
    audit.record(
        "bookings.booking.extended",
        target=booking,
        actor=actor,
        before={"held_until": until},
        after={"held_until": booking.held_until},
    )
    return booking


def check_party(*, actor: User, booking: Booking) -> None:
    """Raise ``NotAllowedError`` unless ``actor`` is the customer, or sells for the builder."""
    if booking.customer_id != actor.pk:
        require_team(
            actor=actor,
            builder=booking.builder,
            roles=SELLING_ROLES,
            permission="bookings.manage_booking",
        )


def _check_seller(actor: User, unit: Unit, customer: User) -> None:
    require_team(
        actor=actor,
        builder=unit.development.builder,
        roles=SELLING_ROLES,
        permission="bookings.manage_booking",
    )
    if customer.status != UserStatus.ACTIVE:
        raise InvalidInputError.at("/customer", "not_active", "This person has no active account.")


def _taken(ask: Ask) -> Standing | None:
    """Who has the unit, where that is seen without a lock: most losers need not queue for it."""
    standing = standing_at_a_glance(unit=ask.unit)
    if standing is None or not is_taken(standing=standing, customer=ask.customer):
        return None
    return standing


def _claim_in_turn(ask: Ask) -> Booking | Standing | DomainError:
    """The claim; whoever waited too long for their turn looks once more who has the unit."""
    try:
        return _claim(ask)
    except OperationalError as error:
        taken = _taken(ask) if sqlstate(error) == LOCK_NOT_AVAILABLE else None
        if taken is None:
            raise
        return taken


@retry_transaction
def _claim(ask: Ask) -> Booking | Standing | DomainError:
    """The hold, or who has the unit, or the refusal: what was settled and written down stays."""
    customer, unit = lock(ask.customer, ask.unit)
    now = database_now()
    standing = settle_unit(unit=unit, now=now)
    development = development_of(unit)
    if is_taken(standing=standing, customer=customer):
        return standing
    refusal = _state_refusal(unit, development) or _customer_refusal(ask, development, now)
    if refusal is not None:
        log_lost(
            unit=unit, who=customer, asked_at=ask.asked_at, now=now, reason=refusal.code, to=None
        )
        return refusal
    try:
        with transaction.atomic():
            return _hold(ask, unit, development, standing, now)
    except IntegrityError as error:
        # Nobody gets here past the lock; were it not taken, the database would still refuse.
        if ONE_LIVE not in str(error):
            raise
    return standing_at_a_glance(unit=unit) or standing


def _state_refusal(unit: Unit, development: Development) -> DomainError | None:
    if unit.status == UnitStatus.HANDED_OVER:
        return UnitHandedOverError(current=unit.status)
    if not is_on_sale(development):
        return NotOnSaleError(current=unit.status)
    return UnitBlockedError(current=unit.status) if unit.status == UnitStatus.BLOCKED else None


def _customer_refusal(ask: Ask, development: Development, now: datetime) -> DomainError | None:
    theirs = Booking.objects.filter(customer=ask.customer)
    if ask.client_key:
        known = theirs.filter(client_key=ask.client_key).first()
        if known is not None:
            return ClientKeyUsedError(booking=str(known.pk))
    limit = development.max_holds_per_user or get_setting("max_holds_per_user")
    holds = theirs.claiming().filter(development=development, status__in=LAPSING_BOOKINGS)
    ends = sorted(hold.pay_until or hold.held_until or now for hold in holds)
    if len(ends) < limit:
        return None
    next_end = ends[len(ends) - limit]
    return HoldLimitError(
        limit=limit,
        next_ends_at=next_end,
        retry_after=max(1, ceil((next_end - now).total_seconds())),
    )


def _hold(
    ask: Ask, unit: Unit, development: Development, standing: Standing, now: datetime
) -> Booking:
    offer = offer_of(standing=standing, customer=ask.customer)
    booking = Booking.objects.create(
        unit=unit,
        development=development,
        builder=development.builder,
        customer=ask.customer,
        sales_agent=None if ask.actor.pk == ask.customer.pk else ask.actor,
        status=BookingStatus.HELD,
        held_until=now + timedelta(minutes=development.hold_minutes),
        notes=ask.notes,
        client_key=ask.client_key,
        waitlist_position=None if offer is None else offer.position,
        reference=next_reference(BOOKING),
        **_frozen(unit, development),
    )
    booking.refresh_from_db(fields=["created_at"])
    audit.record(
        "bookings.booking.held",
        target=booking,
        actor=ask.actor,
        after={"unit": unit.pk, "customer": ask.customer.pk, "price": booking.price},
    )
    announce_booking(booking)
    _write_down(ask, booking, offer)
    shadow(unit=unit, standing=Standing(booking, None, standing.waiting))
    if booking.sales_agent_id is not None:
        tell_of_hold(booking=booking)
    return booking


def _frozen(unit: Unit, development: Development) -> dict[str, Any]:
    """Price, plan and terms as they stand at this moment."""
    plan = frozen_plan(development=development, price=unit.price, currency=unit.currency)
    return {
        "price": unit.price,
        "currency": unit.currency,
        "plan": plan,
        "terms": frozen_terms(development=development),
        "deposit_amount": deposit_of(plan),
    }


def _write_down(ask: Ask, booking: Booking, offer: WaitlistEntry | None) -> None:
    log_won(
        booking=booking,
        asked_at=ask.asked_at,
        reason="" if offer is None else OFFER_TAKEN,
        offered=offer is not None,
    )
    if offer is not None:
        (offer,) = lock(offer)
        move(offer, WaitlistStatus.HELD, flow=WAITLIST_FLOW, actor=ask.actor, booking=booking)
