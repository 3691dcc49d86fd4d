"""Many units at once: blocks by floors by types, with a price that rises with the floor."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from accounts.models import Building, User
from catalog.homes_exceptions import UnitsExistError
from catalog.models import Development, Unit
from catalog.services.developments import require_open
from catalog.services.unit_numbers import LONGEST_NUMBER, NumberPattern
from catalog.services.units import checked_price, require_leader, set_columns, tidied
from config.shared import audit
from config.shared.bulk import copy_rows
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError
from config.shared.locks import lock
from config.shared.money import LARGEST, exponent
from config.shared.retries import retry_transaction

MOST_UNITS = 2_000


@dataclass(frozen=True, slots=True)
class Layout:
    """What is to be built.

    Each of ``types`` holds the columns of a unit without its place, its ``price`` on the lowest
    floor, and ``count``, how many of it a floor has; positions are counted through all types. The
    price rises by ``step_amount`` or ``step_percent`` (of the lowest price) with every floor that
    is built: a floor that is skipped is none.
    """

    blocks: Sequence[str]
    floors: Sequence[int]
    types: Sequence[Mapping[str, Any]]
    number_pattern: str
    step_amount: Decimal = Decimal(0)
    step_percent: Decimal = Decimal(0)
    building: Building | None = None


@retry_transaction
def add_units(
    *, development: Development, actor: User, layout: Layout, dry_run: bool = False
) -> list[Unit]:
    """Add up to 2,000 units in one go, all or none; with ``dry_run`` say what would be added.

    By owners and administrators of the builder, or staff. The development is locked, so that of
    two simultaneous calls with the same numbers one succeeds. Raises ``UnitsExistError`` for
    numbers that are taken and ``InvalidInputError`` for a layout that will not do.
    """
    (development,) = lock(development)
    require_leader(development, actor)
    require_open(development)
    units = _drawn(development, layout)
    _refuse_repeated(units)
    _refuse_taken(development, units)
    if dry_run:
        return units
    if copy_rows(units) != len(units):
        raise UnitsExistError([str(unit) for unit in units])
    audit.record(
        "catalog.development.units_added",
        target=development,
        actor=actor,
        after={
            "count": len(units),
            "blocks": sorted({unit.block for unit in units}),
            "lowest_price": min(unit.price for unit in units),
            "highest_price": max(unit.price for unit in units),
        },
    )
    return units


def _drawn(development: Development, layout: Layout) -> list[Unit]:
    """The units of ``layout``, by block, floor and position, not saved."""
    blocks = [tidied({"block": block})["block"] for block in layout.blocks]
    floors = sorted(layout.floors)
    _check_size(blocks, floors, layout.types)
    pattern = NumberPattern.read(layout.number_pattern)
    samples = [_sample(development, layout, place) for place in range(len(layout.types))]
    prices = _prices(development, layout, samples, len(floors))
    now = database_now()
    units = []
    for block in blocks:
        for level, floor in enumerate(floors):
            position = 0
            for kind, sample in enumerate(samples):
                for _ in range(layout.types[kind].get("count", 1)):
                    position += 1
                    number = pattern.number(block=block, floor=floor, position=position)
                    if not 1 <= len(number) <= LONGEST_NUMBER:
                        raise InvalidInputError.at(
                            "/number_pattern", "number_length", f"{number}: 1 to 40 characters."
                        )
                    unit = _like(sample, block=block, floor=floor, number=number, created_at=now)
                    unit.price = prices[kind][level]
                    units.append(unit)
    return units


def _check_size(blocks: list[str], floors: list[int], types: Sequence[Mapping[str, Any]]) -> None:
    if not (blocks and floors and types):
        raise InvalidInputError.at("", "nothing_to_build", "Name blocks, floors and types.")
    if len(set(blocks)) != len(blocks):
        raise InvalidInputError.at("/blocks", "repeated", "The same block stands here twice.")
    count = len(blocks) * len(floors) * sum(kind.get("count", 1) for kind in types)
    if count > MOST_UNITS:
        raise InvalidInputError.at(
            "", "too_many_units", f"At most {MOST_UNITS:,} units in one go; these are {count:,}."
        )


def _sample(development: Development, layout: Layout, place: int) -> Unit:
    """A unit of the type at ``place``, checked once for all that are like it."""
    values = {name: value for name, value in layout.types[place].items() if name != "count"}
    checked_price(values["price"], development, f"/types/{place}/price")
    unit = Unit(development=development, currency=development.currency, number="1")
    set_columns(unit, development, {**values, "building": layout.building})
    return unit


def _like(sample: Unit, **place: Any) -> Unit:
    columns = {
        field.attname: getattr(sample, field.attname)
        for field in Unit._meta.concrete_fields
        if field.attname not in {"id", "created_at", "updated_at"}
    }
    return Unit(**{**columns, **place})


def _prices(
    development: Development, layout: Layout, samples: list[Unit], levels: int
) -> list[list[Decimal]]:
    """For each type, its price on each floor that is built, from the lowest up."""
    unit = Decimal(1).scaleb(-exponent(development.currency))
    found = []
    for sample in samples:
        step = sample.price * layout.step_percent / 100 + layout.step_amount
        risen = [sample.price + step * level for level in range(levels)]
        if not all(0 < price < LARGEST for price in risen):
            raise InvalidInputError.at(
                "/price_step", "price_out_of_range", "On some floor the price is out of range."
            )
        found.append([price.quantize(unit, rounding=ROUND_HALF_UP) for price in risen])
    return found


def _refuse_repeated(units: list[Unit]) -> None:
    counted = Counter((unit.block, unit.number) for unit in units)
    repeated = [number for (_, number), times in counted.items() if times > 1]
    if repeated:
        raise InvalidInputError.at(
            "/number_pattern",
            "numbers_repeated",
            f"The pattern gives {repeated[0]} to several units of a block.",
        )


def _refuse_taken(development: Development, units: list[Unit]) -> None:
    taken = set(
        development.units.filter(block__in={unit.block for unit in units})
        .order_by()
        .values_list("block", "number")
    )
    if found := [str(unit) for unit in units if (unit.block, unit.number) in taken]:
        raise UnitsExistError(found)
