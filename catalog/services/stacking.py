"""The stacking plan: a development as one sees it from outside, block by block, floor by floor."""

import re
from itertools import groupby
from typing import Any

from catalog.models import Development, Unit
from config.shared.money import written

COLUMNS = (
    "block",
    "floor",
    "number",
    "pk",
    "unit_type",
    "bedrooms",
    "area",
    "price",
    "currency",
    "live_status",
    "free_at",
)
DIGITS = re.compile(r"(\d+)")


def stacking_plan(*, development: Development) -> dict[str, Any]:
    """Blocks by name, their floors from the top down, the units of each by number, as of now.

    One query, and no instances of models: a thousand units are read in a moment.
    """
    found = Unit.objects.filter(development=development).with_live_status().with_free_at()
    rows = sorted(found.order_by().values_list(*COLUMNS), key=_place)
    counts: dict[str, int] = {}
    blocks = []
    for block, of_block in groupby(rows, key=lambda row: row[0]):
        floors = []
        for floor, of_floor in groupby(of_block, key=lambda row: row[1]):
            units = [_unit(row) for row in of_floor]
            for unit in units:
                counts[unit["status"]] = counts.get(unit["status"], 0) + 1
            floors.append({"floor": floor, "units": units})
        blocks.append({"block": block, "floors": floors})
    return {
        "development": str(development.pk),
        "currency": development.currency,
        "total_units": len(rows),
        "counts": counts,
        "blocks": blocks,
    }


def _place(row: tuple[Any, ...]) -> tuple[Any, ...]:
    block, floor, number = row[:3]
    return _natural(block), -floor, _natural(number)


def _natural(text: str) -> list[tuple[int, int, str]]:
    """A key under which ``A-2`` comes before ``A-10``."""
    return [
        (0, int(part), "") if part.isascii() and part.isdecimal() else (1, 0, part)
        for part in DIGITS.split(text)
        if part
    ]


def _unit(row: tuple[Any, ...]) -> dict[str, Any]:
    number, key, kind, bedrooms, area, price, currency, status, free_at = row[2:]
    return {
        "id": str(key),
        "number": number,
        "unit_type": kind,
        "bedrooms": bedrooms,
        "area": None if area is None else str(area),
        "price": written(price, currency),
        "status": str(status),
        "free_at": free_at,
    }
