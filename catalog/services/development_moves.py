"""What becomes of developments: launched, on sale, built, handed over, put away."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.querysets.organizations import LEADING_ROLES
from catalog.choices import SELLABLE_DEVELOPMENTS, DevelopmentStatus, UnitStatus
from catalog.flows import DEVELOPMENT_FLOW
from catalog.homes_exceptions import LiveClaimsError
from catalog.models import Development, Unit
from catalog.services import hooks
from catalog.services.developments import require_open
from catalog.services.teams import require_team
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, InvalidTransitionError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

CLAIMED = (UnitStatus.HELD, UnitStatus.RESERVED, UnitStatus.SOLD)


@retry_transaction
def advance_development(*, development: Development, actor: User, target: str) -> Development:
    """Move a development to its next stage, by owners and administrators or staff.

    ``ready`` notes today as the completion, unless one is noted, and makes owed what waits for
    the handover. What is handed over is no longer on sale. Raises ``InvalidTransitionError`` for
    a stage that does not follow.
    """
    (development,) = lock(development)
    _require_leader(development, actor)
    require_open(development)
    if target == DevelopmentStatus.ARCHIVED:
        raise InvalidInputError.at("/target", "not_a_choice", "Archiving is an act of its own.")
    now = database_now()
    changes: dict[str, Any] = {}
    if target == DevelopmentStatus.READY and development.actual_completion is None:
        changes["actual_completion"] = _day(development, now)
    if target not in SELLABLE_DEVELOPMENTS and development.is_selling:
        changes["is_selling"] = False
    move(development, target, flow=DEVELOPMENT_FLOW, actor=actor, **changes)
    if target == DevelopmentStatus.READY:
        hooks.development_ready(development=development, actor=actor, now=now)
    return development


@retry_transaction
def start_selling(*, development: Development, actor: User) -> Development:
    """Put the units on sale; may be repeated. Only what is launched and not handed over is sold."""
    (development,) = lock(development)
    _require_leader(development, actor)
    if development.status not in SELLABLE_DEVELOPMENTS:
        raise InvalidTransitionError(development.status, SELLABLE_DEVELOPMENTS)
    return _set_selling(development, actor, selling=True)


@retry_transaction
def pause_selling(*, development: Development, actor: User) -> Development:
    """Take the units off sale; may be repeated. What is held or booked goes on."""
    (development,) = lock(development)
    _require_leader(development, actor)
    return _set_selling(development, actor, selling=False)


@retry_transaction
def archive_development(*, development: Development, actor: User, reason: str) -> Development:
    """Put a development away for good, with a reason; its builder and staff still see it.

    The development and all its units are locked, so that nobody holds one meanwhile. Raises
    ``LiveClaimsError`` with what stands against it.
    """
    development = _locked_with_units(development, actor, unwanted=CLAIMED)
    if not reason.strip():
        raise InvalidInputError.at("/reason", "required", "Say why.")
    move(
        development,
        DevelopmentStatus.ARCHIVED,
        flow=DEVELOPMENT_FLOW,
        actor=actor,
        reason=reason,
        is_selling=False,
    )
    return development


@retry_transaction
def delete_development(*, development: Development, actor: User) -> Development:
    """Delete a development nobody has bought in: it is kept, and nobody sees it any more.

    Raises ``LiveClaimsError`` where a unit is held, booked or handed over.
    """
    unwanted = (*CLAIMED, UnitStatus.HANDED_OVER)
    development = _locked_with_units(development, actor, unwanted=unwanted)
    development.deleted_at, development.is_selling = database_now(), False
    development.save(update_fields=["deleted_at", "is_selling", "updated_at"])
    audit.record("catalog.development.deleted", target=development, actor=actor)
    return development


def _locked_with_units(
    development: Development, actor: User, *, unwanted: Iterable[str]
) -> Development:
    """The development, locked with all its units, without what stands against putting it away."""
    (development,) = lock(development)
    _require_leader(development, actor)
    units = lock(*development.units.all())
    now = database_now()
    for unit in units:
        if unit.status == UnitStatus.HELD and unit.claimed_until <= now:
            hooks.settle_unit(unit=unit, now=now)
    obstacles = [
        sentence
        for found in hooks.archive_obstacles(development=development)
        for sentence in ([found] if isinstance(found, str) else found or ())
    ]
    claimed = Unit.objects.filter(development=development).standing(*unwanted)
    if not obstacles and (count := claimed.count()):
        obstacles = [f"Units that are held, booked or sold: {count:,}."]
    if obstacles:
        raise LiveClaimsError(obstacles)
    return development


def _set_selling(development: Development, actor: User, *, selling: bool) -> Development:
    if development.is_selling == selling:
        return development
    development.is_selling = selling
    development.save(update_fields=["is_selling", "updated_at"])
    audit.record(
        f"catalog.development.{'selling_started' if selling else 'selling_paused'}",
        target=development,
        actor=actor,
    )
    return development


def _require_leader(development: Development, actor: User) -> None:
    require_team(actor=actor, builder=development.builder, roles=LEADING_ROLES)


def _day(development: Development, now: datetime) -> Any:
    return now.astimezone(ZoneInfo(development.time_zone)).date()
