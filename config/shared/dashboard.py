"""The front page of the back office: panels of figures, each panel for one group of staff.

An app declares a panel with ``@panel(title, groups=…)``; the function returns its figures. Every
figure costs one query and links to the list that it counts.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with a name, a link to the rows behind it, and a hint such as their age."""

    label: str
    value: Any
    url: str = ""
    hint: str = ""
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A number for each of the last days, oldest first."""

    title: str
    days: list[str]
    values: list[int | float]

    COLOUR: ClassVar[str] = "var(--color-primary-600)"

    @property
    def data(self) -> str:
        """The chart as the library that draws it wants it."""
        series = {"data": self.values, "label": self.title, "backgroundColor": self.COLOUR}
        return json.dumps({"labels": self.days, "datasets": [series]})

    @property
    def summary(self) -> str:
        """The chart in words, for whoever cannot see it."""
        return f"{self.title}: {sum(self.values)} in {len(self.days)} days"


@dataclass(frozen=True, slots=True)
class Panel:
    """What one group of staff wants to know first."""

    title: str
    figures: list[Figure] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)


Content = tuple[list[Figure], list[Chart]]


@dataclass(frozen=True, slots=True)
class _Declared:
    title: str
    groups: frozenset[str]
    content: Callable[[], Content]
    place: int


_declared: dict[str, _Declared] = {}


def panel(
    title: str, *, groups: Iterable[str], place: int = 50
) -> Callable[[Callable[[], Content]], Any]:
    """Declare a panel that members of ``groups`` and superusers see on the front page.

    Those with a lower ``place`` stand higher; those of one place in the order of declaration.
    """

    def declare(content: Callable[[], Content]) -> Callable[[], Content]:
        _declared[title] = _Declared(title, frozenset(groups), content, place)
        return content

    return declare


def panels_for(request: HttpRequest) -> list[Panel]:
    """The panels that the signed-in member of staff may see."""
    if request.user.is_superuser:
        seen = list(_declared.values())
    else:
        mine = set(request.user.groups.values_list("name", flat=True))
        seen = [declared for declared in _declared.values() if declared.groups & mine]
    seen.sort(key=lambda declared: declared.place)
    return [Panel(declared.title, *declared.content()) for declared in seen]
