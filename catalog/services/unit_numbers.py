"""How units are numbered: patterns such as ``{block}-{floor:02}{position:02}``.

A pattern is a small language of its own and never a format string of Python's, so that nothing
but a block, a floor and a position can come out of it.
"""

import re
from dataclasses import dataclass

from config.shared.errors import InvalidInputError

LONGEST_NUMBER = 40
LONGEST_PATTERN = 80
PLACEHOLDER = re.compile(r"\{(block|floor|position)(?::0([1-6])d?)?\}")
TOKEN = re.compile(r"\{[^{}]*\}|[{}]|[^{}]+")


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """A pattern that was read; ``parts`` are texts, or names with the least number of digits."""

    parts: tuple[str | tuple[str, int], ...]

    @classmethod
    def read(cls, text: str, *, pointer: str = "/number_pattern") -> "NumberPattern":
        """The pattern ``text``; raises ``InvalidInputError`` for one that says something else."""
        parts: list[str | tuple[str, int]] = []
        for token in TOKEN.findall(text[:LONGEST_PATTERN]):
            if "{" not in token and "}" not in token:
                parts.append(token)
                continue
            found = PLACEHOLDER.fullmatch(token)
            if found is None or (found[1] == "block" and found[2]):
                raise _unreadable(pointer)
            parts.append((found[1], int(found[2] or 1)))
        names = {part[0] for part in parts if isinstance(part, tuple)}
        if len(text) > LONGEST_PATTERN or not {"floor", "position"} <= names:
            raise _unreadable(pointer)
        return cls(tuple(parts))

    def number(self, *, block: str, floor: int, position: int) -> str:
        """The number of the unit at ``position``, counted from 1, on ``floor`` of ``block``."""
        values = {"floor": floor, "position": position}
        written = [
            part
            if isinstance(part, str)
            else block
            if part[0] == "block"
            else _digits(values[part[0]], part[1])
            for part in self.parts
        ]
        return " ".join("".join(written).split()).upper()


def _digits(value: int, least: int) -> str:
    return f"{'-' if value < 0 else ''}{abs(value):0{least}d}"


def _unreadable(pointer: str) -> InvalidInputError:
    return InvalidInputError.at(
        pointer,
        "pattern_unreadable",
        "Use {floor} and {position}, with {block} if you like; {floor:02} has two digits at least.",
    )
