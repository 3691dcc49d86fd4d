"""What the cells of an imported table mean, or why they mean nothing."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from unicodedata import category

from catalog.choices import UnitType
from catalog.models import Development
from catalog.services.unit_import_files import Fault
from catalog.services.units import checked_price, tidied
from config.shared.errors import InvalidInputError

WHOLE = re.compile(r"-?[0-9]{1,4}(?:\.0+)?")
DECIMAL = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
TYPES = {
    spelling.casefold(): value
    for value, label in UnitType.choices
    for spelling in (value, str(label))
}
LONGEST = {"block": 40, "number": 40, "view": 120}
LARGEST_AREA = Decimal(1_000_000)
# Controls, unassigned and half pairs: nothing that can be seen.
UNSEEN = ("Cc", "Cs", "Cn", "Zl", "Zp")


class CellReader:
    """Reads the cells of rows for one development."""

    def __init__(self, development: Development) -> None:
        self.development = development
        self.buildings = {
            building.name.casefold(): building for building in development.buildings.all()
        }
        self.readers: Mapping[str, Callable[[str, str], Any]] = {
            "block": self.text,
            "floor": lambda text, column: self.whole(text, column, -10, 300),
            "number": self.text,
            "unit_type": self.unit_type,
            "bedrooms": self.rooms,
            "bathrooms": self.rooms,
            "parking": self.rooms,
            "area": self.area,
            "balcony_area": self.area,
            "view": self.text,
            "price": self.price,
            "building": self.building,
            "currency": self.currency,
        }

    def read(self, line: int, cells: Mapping[str, str]) -> tuple[dict[str, Any], list[Fault]]:
        """The columns of a unit that ``cells`` give, and the faults among them."""
        values: dict[str, Any] = {}
        faults = []
        for column, text in cells.items():
            try:
                values[column] = self.readers[column](text, column)
            except InvalidInputError as error:
                fault = error.errors[0]
                faults.append(Fault(line, fault.code, fault.detail, column))
        values.pop("currency", None)
        return tidied(values), faults

    def text(self, text: str, column: str) -> str:
        """One line of text that fits its column."""
        longest = LONGEST[column]
        if any(category(letter) in UNSEEN for letter in text):
            raise _refused(column, "not_text", "One line of text, without control characters.")
        if len(text) > longest:
            raise _refused(column, "max_length", f"At most {longest} characters.")
        return text

    def whole(self, text: str, column: str, lowest: int, highest: int) -> int:
        """A whole number within bounds; spreadsheets write 3 as 3.0."""
        number = int(text.partition(".")[0]) if WHOLE.fullmatch(text) else None
        if number is None or not lowest <= number <= highest:
            raise _refused(column, "out_of_range", f"A whole number from {lowest} to {highest}.")
        return number

    def rooms(self, text: str, column: str) -> int:
        """So many rooms or parking places."""
        return self.whole(text, column, 0, 50)

    def area(self, text: str, column: str) -> Decimal:
        """Square metres, to the hundredth."""
        area = _decimal(text, column)
        if not 0 < area <= LARGEST_AREA or area != area.quantize(Decimal("0.01")):
            raise _refused(column, "area_range", "Above 0, at most a million, two decimal places.")
        return area.quantize(Decimal("0.01"))

    def price(self, text: str, column: str) -> Decimal:
        """An amount in the development's currency."""
        return checked_price(_decimal(text, column), self.development)

    def unit_type(self, text: str, column: str) -> str:
        """A type, by its word or its name."""
        found = TYPES.get(text.casefold())
        if found is None:
            raise _refused(column, "not_a_choice", f"One of {', '.join(UnitType.values)}.")
        return found

    def building(self, text: str, column: str) -> Any:
        """One of the development's buildings, by its name."""
        found = self.buildings.get(text.casefold())
        if found is None:
            raise _refused(column, "not_of_development", "The development has no such building.")
        return found

    def currency(self, text: str, column: str) -> str:
        """The development's own; no other is taken."""
        if text.upper() != self.development.currency:
            raise _refused(column, "currency_other", f"Prices are in {self.development.currency}.")
        return self.development.currency


def _decimal(text: str, column: str) -> Decimal:
    if not DECIMAL.fullmatch(text):
        raise _refused(column, "not_a_number", "A number such as 1250000.00, without separators.")
    return Decimal(text)


def _refused(column: str, code: str, detail: str) -> InvalidInputError:
    return InvalidInputError.at(f"/{column}", code, detail)
