"""How policies are read: strictly, with every fault at its place."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from config.shared.errors import FieldError, InvalidInputError

NUMBER = re.compile(r"[0-9]{1,11}(\.[0-9]{1,4})?")
MISSING = object()


class PolicyReader:
    """Takes values out of a policy and keeps a list of what is wrong with them."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def refuse(self, pointer: str, code: str, detail: str) -> None:
        """Note a fault; reading goes on."""
        self.errors.append(FieldError(pointer, code, detail))

    def finish(self) -> None:
        """Raise ``InvalidInputError`` with every fault that was found, if there are any."""
        if self.errors:
            raise InvalidInputError(self.errors[0].detail, errors=self.errors)

    def members(self, value: Any, pointer: str, known: Collection[str]) -> Mapping[str, Any] | None:
        """``value`` if it is an object; members that are not ``known`` are faults."""
        if not isinstance(value, Mapping):
            self.refuse(pointer, "not_an_object", "This has to be an object.")
            return None
        for name in value:
            if name not in known:
                at = str(name)[:60].replace("~", "~0").replace("/", "~1")
                self.refuse(f"{pointer}/{at}", "unknown", "Nothing is known by this name.")
        return value

    def number(
        self,
        value: Any,
        pointer: str,
        *,
        at_most: Decimal,
        places: int = 4,
        zero: bool = False,
    ) -> Decimal:
        """A number written as a string (or a whole one as such); 0 where it is none."""
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not NUMBER.fullmatch(text):
            self.refuse(pointer, "not_a_number", 'A number, as a string: "12.5".')
            return Decimal(0)
        found = Decimal(text)
        exponent = found.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            self.refuse(pointer, "too_precise", f"At most {places} decimal places.")
        elif found > at_most or (found == 0 and not zero):
            above = "From 0" if zero else "Above 0"
            self.refuse(pointer, "out_of_range", f"{above}, at most {at_most:,f}.")
        return found

    def whole(self, value: Any, pointer: str, *, at_least: int, at_most: int) -> int:
        """A whole number in a range; its lower end where it is none."""
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(pointer, "not_a_number", "A whole number.")
            return at_least
        if not at_least <= value <= at_most:
            self.refuse(pointer, "out_of_range", f"From {at_least} to {at_most}.")
        return value

    def one_of(self, value: Any, pointer: str, choices: Collection[str]) -> str:
        """One of ``choices``; an empty text where it is none."""
        if not isinstance(value, str) or value not in choices:
            self.refuse(pointer, "not_a_choice", f"One of: {', '.join(sorted(choices))}.")
            return ""
        return value


def written(number: Decimal) -> str:
    """``number`` as it is kept in a policy: without an exponent and without idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
