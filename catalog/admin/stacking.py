"""The stacking plan of a development as a picture."""

from collections import defaultdict
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.admin.colours import PLAN_COLOURS
from catalog.choices import UnitStatus
from catalog.models import Development, Unit
from config.shared.money import grouped

CELL = (
    "display:inline-block;min-width:3.6rem;margin:1px;padding:2px 4px;border-radius:4px;"
    "text-align:center;font-size:.75rem;text-decoration:none;background:{};color:{}"
)
MOST_UNITS = 1_500

Row = tuple[Any, ...]


def stacking_picture(development: Development) -> SafeString:
    """Every block with its floors from the top down, each unit in the colour of its state now."""
    units: Any = Unit.objects.filter(development=development)
    rows = list(
        units.with_live_status()
        .order_by("block", "-floor", "number", "pk")
        .values_list("block", "floor", "pk", "number", "live_status", "price", "currency")[
            : MOST_UNITS + 1
        ]
    )
    if not rows:
        return format_html('<p class="text-font-subtle-light">{}</p>', "There are no units yet.")
    blocks: dict[str, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for block, floor, *unit in rows[:MOST_UNITS]:
        blocks[block][floor].append(tuple(unit))
    pictures = format_html_join("", "{}", ((_block(*block),) for block in blocks.items()))
    more = "" if len(rows) <= MOST_UNITS else f"Only the first {MOST_UNITS:,} units are drawn."
    return format_html(
        '<div>{}<div class="flex flex-row flex-wrap gap-8">{}</div><p>{}</p></div>',
        _legend(),
        pictures,
        more,
    )


def _legend() -> SafeString:
    cells = format_html_join(
        " ",
        '<span style="{}">{} {}</span>',
        (
            (CELL.format(fill, ink), letter, UnitStatus(status).label)
            for status, (fill, ink, letter) in PLAN_COLOURS.items()
        ),
    )
    return format_html('<p class="mb-4">{}</p>', cells)


def _block(name: str, floors: dict[int, list[Row]]) -> SafeString:
    lines = format_html_join(
        "",
        '<tr><th scope="row" style="padding-right:.5rem;font-weight:400;font-size:.75rem">{}</th>'
        '<td style="white-space:nowrap">{}</td></tr>',
        ((floor, _cells(units)) for floor, units in floors.items()),
    )
    return format_html(
        '<table class="mb-4"><caption class="font-semibold" style="text-align:left">{}</caption>'
        "<tbody>{}</tbody></table>",
        f"Block {name}" if name else "Units",
        lines,
    )


def _cells(units: list[Row]) -> SafeString:
    return format_html_join("", '<a href="{}" title="{}" style="{}">{}</a>', map(_cell, units))


def _cell(unit: Row) -> tuple[str, str, str, str]:
    key, number, status, price, currency = unit
    fill, ink, letter = PLAN_COLOURS[status]
    address = reverse("admin:catalog_unit_change", args=[key])
    title = f"{number}: {UnitStatus(status).label}, {grouped(price, currency)}"
    return address, title, CELL.format(fill, ink), f"{number} {letter}"
