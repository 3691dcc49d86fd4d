"""Units of developments: adding, describing, blocking and removing them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import ProtectedError

from accounts.choices import MediaPurpose
from accounts.models import Building, MediaFile, User
from accounts.querysets.organizations import LEADING_ROLES
from accounts.services.attachments import PAPERS, attach_file
from catalog.choices import UnitStatus
from catalog.flows import UNIT_FLOW
from catalog.homes_exceptions import UnitClaimedError, UnitInUseError
from catalog.models import Development, Unit
from catalog.services import hooks
from catalog.services.developments import require_open
from catalog.services.teams import SELLING_ROLES, require_team
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, InvalidTransitionError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.money import check_amount
from config.shared.retries import retry_transaction

WRITABLE_FIELDS = (
    "building",
    "block",
    "floor",
    "number",
    "unit_type",
    "bedrooms",
    "bathrooms",
    "area",
    "balcony_area",
    "view",
    "parking",
    "price",
    "features",
)
# What papers and keys go by: it stays while somebody holds the unit or has bought it.
IDENTIFYING_FIELDS = ("block", "floor", "number")
FREE = (UnitStatus.AVAILABLE, UnitStatus.BLOCKED)


@retry_transaction
def create_unit(*, actor: User, development: Development, values: Mapping[str, Any]) -> Unit:
    """Add a unit to a development, by owners and administrators of its builder, or staff.

    ``values`` holds columns in ``WRITABLE_FIELDS`` (``number`` and ``price`` at least) and
    ``floor_plan``; the price is in the development's currency. Raises ``IntegrityError`` for a
    number that is taken.
    """
    plan = values.get("floor_plan")
    development, *_ = lock(development, *([plan] if plan else []))
    require_leader(development, actor)
    require_open(development)
    written = {name: values[name] for name in WRITABLE_FIELDS if name in values}
    unit = Unit(development=development, currency=development.currency)
    set_columns(unit, development, written)
    unit.save(force_insert=True)
    if plan:
        unit.floor_plan = _shown_plan(unit, actor, plan)
        unit.save(update_fields=["floor_plan", "updated_at"])
    audit.record(
        "catalog.unit.created",
        target=unit,
        actor=actor,
        after={"number": str(unit), "floor": unit.floor, "price": unit.price},
    )
    return unit


@retry_transaction
def update_unit(*, unit: Unit, actor: User, changes: Mapping[str, Any]) -> Unit:
    """Change a unit, by owners and administrators of its builder, or staff.

    A new price counts for those who come; what is held or booked keeps the price it was agreed
    at. Its state follows its booking and is not changed here. Raises ``UnitClaimedError`` for a
    new block, floor or number of a unit that somebody holds or has bought.
    """
    plan = changes.get("floor_plan")
    development, unit, *_ = lock(unit.development, unit, *([plan] if plan else []))
    require_leader(development, actor)
    require_open(development)
    written = {
        name: value
        for name, value in tidied(changes).items()
        if name in WRITABLE_FIELDS and getattr(unit, name) != value
    }
    if set(written) & set(IDENTIFYING_FIELDS) and settled(unit).status not in FREE:
        raise UnitClaimedError
    before = {name: getattr(unit, name) for name in written}
    set_columns(unit, development, written)
    if "floor_plan" in changes and changes["floor_plan"] != unit.floor_plan:
        unit.floor_plan = plan and _shown_plan(unit, actor, plan)
        written["floor_plan"] = unit.floor_plan_id
        before["floor_plan"] = None
    if not written:
        return unit
    unit.save(update_fields=[*written, "updated_at"])
    shown = [name for name in written if name in (*IDENTIFYING_FIELDS, "price")]
    audit.record(
        "catalog.unit.changed",
        target=unit,
        actor=actor,
        before={name: before[name] for name in shown},
        after={name: getattr(unit, name) for name in shown} | {"fields": sorted(written)},
    )
    return unit


@retry_transaction
def delete_unit(*, unit: Unit, actor: User) -> None:
    """Remove a unit that nobody ever held, booked or waited for; others have a history."""
    development, unit = lock(unit.development, unit)
    require_leader(development, actor)
    if unit.status not in FREE:
        raise UnitInUseError
    audit.record(
        "catalog.unit.deleted",
        target=unit,
        actor=actor,
        before={"development": development.pk, "number": str(unit), "price": unit.price},
    )
    try:
        unit.delete()
    except ProtectedError as error:
        raise UnitInUseError from error


@retry_transaction
def block_unit(*, unit: Unit, actor: User, reason: str = "") -> Unit:
    """Take an available unit off sale, by the builder's selling people or staff.

    Raises ``InvalidTransitionError`` for a unit that somebody holds or has bought.
    """
    development, unit = lock(unit.development, unit)
    require_team(actor=actor, builder=development.builder, roles=SELLING_ROLES)
    require_open(development)
    unit = settled(unit)
    move(unit, UnitStatus.BLOCKED, flow=UNIT_FLOW, actor=actor, reason=reason)
    return unit


@retry_transaction
def unblock_unit(*, unit: Unit, actor: User, reason: str = "") -> Unit:
    """Put a blocked unit on sale again; whoever waits for it is offered it first."""
    development, unit = lock(unit.development, unit)
    require_team(actor=actor, builder=development.builder, roles=SELLING_ROLES)
    require_open(development)
    if unit.status != UnitStatus.BLOCKED:
        raise InvalidTransitionError(unit.status, ())
    move(unit, UnitStatus.AVAILABLE, flow=UNIT_FLOW, actor=actor, reason=reason)
    return settled(unit)


def settled(unit: Unit) -> Unit:
    """The locked unit without claims that have lapsed, as it is now."""
    hooks.settle_unit(unit=unit, now=database_now())
    unit.refresh_from_db(fields=["status", "claimed_until", "waiting_count"])
    return unit


def require_leader(development: Development, actor: User) -> None:
    """Raise ``NotAllowedError`` unless ``actor`` leads the development's builder, or is staff."""
    require_team(actor=actor, builder=development.builder, roles=LEADING_ROLES)


def set_columns(unit: Unit, development: Development, written: Mapping[str, Any]) -> None:
    """Set what is written, in the form in which it is kept, and check it by itself."""
    for name, value in tidied(written).items():
        setattr(unit, name, value)
    if "price" in written:
        unit.price = checked_price(unit.price, development)
    if "building" in written:
        _check_building(development, unit.building)
    unit.full_clean(
        exclude=["development", "building", "floor_plan"],
        validate_unique=False,
        validate_constraints=False,
    )


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` with names as they are kept: ``" 12b "`` and ``"12B"`` are one number."""
    tidy = dict(values)
    if "block" in tidy:
        tidy["block"] = " ".join(tidy["block"].split())
    if "number" in tidy:
        tidy["number"] = " ".join(tidy["number"].split()).upper()
    return tidy


def checked_price(price: Decimal, development: Development, pointer: str = "/price") -> Decimal:
    """A price above nothing, with as many places as the development's currency has."""
    if price <= 0:
        raise InvalidInputError.at(pointer, "price_not_positive", "A unit costs more than nothing.")
    return check_amount(price, development.currency, pointer=pointer)


def _check_building(development: Development, building: Building | None) -> None:
    if building is None or development.buildings.filter(pk=building.pk).exists():
        return
    raise InvalidInputError.at(
        "/building", "not_of_development", "This building is not one of the development's."
    )


def _shown_plan(unit: Unit, actor: User, plan: MediaFile) -> MediaFile:
    return attach_file(
        file=plan,
        owner=actor,
        target=unit,
        pointer="/floor_plan",
        kinds=PAPERS,
        purposes={MediaPurpose.UNIT},
        public=True,
    )
