"""What can be reported: apps register their things, and the staff know how to deal with them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from accounts.models import User

# What staff do about a thing: the thing, the member of staff, the reason.
Act = Callable[[Any, User, str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reportable:
    """One kind of thing that can be reported.

    Args:
        name: what the API calls it.
        label: its model, ``app.model``.
        accused: whose doing a thing is; None where it is nobody's.
        snapshot: what to keep of it as it was; plain values.
        remove: takes it down, with permissions of its own; None where nothing can be taken down.
        end: ends what is going on (a live show); None where nothing goes on.
    """

    name: str
    label: str
    accused: Callable[[Any], User | None]
    snapshot: Callable[[Any], dict[str, str]]
    remove: Act | None = None
    end: Act | None = None

    @property
    def model(self) -> type[Model]:
        found: type[Model] = apps.get_model(self.label)
        return found

    def visible_to(self, user: Any) -> QuerySet[Any]:
        """Those that ``user`` may see, and so may report."""
        manager: Any = self.model._default_manager
        found: QuerySet[Any] = manager.visible_to(user)
        return found


_reportables: dict[str, Reportable] = {}


def register_reportable(reportable: Reportable) -> None:
    """Let things of one kind be reported. Raises ``ValueError`` for a name that is taken."""
    known = _reportables.setdefault(reportable.name, reportable)
    if known.label != reportable.label:
        raise ValueError(f"{reportable.name} is {known.label} already.")


def reportable_named(name: str) -> Reportable | None:
    """The kind that the API calls ``name``."""
    return _reportables.get(name)


def reportable_of(label: str) -> Reportable | None:
    """The kind whose model is ``label``."""
    return next((found for found in _reportables.values() if found.label == label), None)


def names() -> list[str]:
    """What can be reported, as the API calls it."""
    return sorted(_reportables)


def target_of(*, label: str, key: Any) -> Any:
    """The thing that was reported, whoever may see it; None if it is gone."""
    found = reportable_of(label)
    return None if found is None else found.model._default_manager.filter(pk=key).first()
