"""What every app contributes when a person downloads, or erases, what is kept about them.

An app registers its functions where they are defined, in modules that its services import or its
``AppConfig.ready`` does. The higher app comes first when things are erased, since its rows point
at those of the apps below.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Collector = Callable[[Any], Any]
Eraser = Callable[[Any], int]

# Higher apps first; within an app in the order of declaration.
APP_ORDER = ("bookings", "messaging", "catalog", "accounts")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why somebody cannot be erased yet: a stable code, a sentence, and what it is about."""

    code: str
    detail: str
    about: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, str]:
        """The obstacle as it stands in a problem document."""
        return {"code": self.code, "detail": self.detail, **self.about}


_collectors: dict[str, Collector] = {}
_obstacles: dict[str, Callable[[Any], Iterable[Obstacle]]] = {}
_erasers: dict[str, Eraser] = {}


def collects(name: str) -> Callable[[Collector], Collector]:
    """Register a function of a person that returns what is kept about them, as plain JSON values.

    ``name`` is ``app.subject``; it is the key under which the answer stands in the export.
    """
    return _registrar(_collectors, name)


def obstructs(name: str) -> Callable[..., Any]:
    """Register a function of a person that yields what has to be settled before they are erased."""
    return _registrar(_obstacles, name)


def erases(name: str) -> Callable[[Eraser], Eraser]:
    """Register a function of a person that removes their data and returns how many rows it touched.

    It runs in a transaction of its own, and again after a crash: it must be repeatable.
    """
    return _registrar(_erasers, name)


def collected(person: Any) -> dict[str, Any]:
    """Everything that the apps keep about ``person``, by the name of its collector."""
    return {name: _collectors[name](person) for name in sorted(_collectors)}


def obstacles(person: Any) -> list[Obstacle]:
    """Everything that stands against erasing ``person``."""
    return [found for name in sorted(_obstacles) for found in _obstacles[name](person)]


def erasers() -> Iterator[tuple[str, Eraser]]:
    """Every eraser with its name, in the order in which they have to run."""
    for app in APP_ORDER:
        yield from ((name, _erasers[name]) for name in _erasers if name.partition(".")[0] == app)


def _registrar(registry: dict[str, Any], name: str) -> Callable[[Any], Any]:
    if name.partition(".")[0] not in APP_ORDER:
        raise ValueError(f"{name} does not begin with the name of an app.")

    def register(function: Any) -> Any:
        if registry.setdefault(name, function) is not function:
            raise ValueError(f"There already is something called {name}.")
        return function

    return register
