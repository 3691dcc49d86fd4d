"""State machines as data: which moves a thing may make, and the one way to make them."""

import importlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models, router, transaction

from config.shared import audit
from config.shared.errors import InvalidTransitionError, MissingError

FLOW_DOCS_HEAD = """\
# States

Drawn by `python manage.py draw_flows` from the flows that the services obey."""


class Flow:
    """The states of one kind of thing and the moves between them.

    Args:
        name: what the flow is called in the docs, ``app.model`` or ``app.model.field``; unique.
        moves: for each state, the states that may follow it. A state that is only a target, or
            has no targets, is terminal.
        initial: the state or states in which a thing begins.

    Raises ``ValueError`` for a name that is taken, or a state that cannot be reached.
    """

    _registry: ClassVar[dict[str, "Flow"]] = {}

    def __init__(
        self, name: str, moves: Mapping[Any, Iterable[Any]], *, initial: str | Iterable[str]
    ) -> None:
        self.name = name
        self.initial = _texts([initial] if isinstance(initial, str) else initial)
        self._moves = {str(state): _texts(targets) for state, targets in moves.items()}
        for target in sorted(set().union(self.initial, *self._moves.values())):
            self._moves.setdefault(target, ())
        if unreachable := set(self._moves) - self._reachable():
            raise ValueError(f"{name}: {', '.join(sorted(unreachable))} cannot be reached.")
        if name in self._registry:
            raise ValueError(f"There already is a flow called {name}.")
        self._registry[name] = self

    @classmethod
    def registered(cls) -> tuple["Flow", ...]:
        """Every flow that has been declared so far, by name; see ``load_flows``."""
        return tuple(cls._registry[name] for name in sorted(cls._registry))

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order of declaration."""
        return tuple(self._moves)

    @property
    def terminal(self) -> frozenset[str]:
        """The states that nothing follows."""
        return frozenset(state for state, targets in self._moves.items() if not targets)

    def allowed(self, current: str) -> tuple[str, ...]:
        """The states that may follow ``current``; none, if it is not a state of this flow."""
        return self._moves.get(str(current), ())

    def check(self, current: str, target: str) -> None:
        """Raise ``InvalidTransitionError`` unless ``target`` may follow ``current``."""
        allowed = self.allowed(current)
        if str(target) not in allowed:
            raise InvalidTransitionError(str(current), allowed)

    def mermaid(self) -> str:
        """The flow as the text of a Mermaid state diagram."""
        lines = ["stateDiagram-v2"]
        lines += [f"    [*] --> {state}" for state in self.initial]
        for state, targets in self._moves.items():
            lines += [f"    {state} --> {target}" for target in targets or ("[*]",)]
        return "\n".join(lines)

    def _reachable(self) -> set[str]:
        found: set[str] = set()
        coming = set(self.initial)
        while coming:
            found |= coming
            coming = {target for state in coming for target in self._moves[state]} - found
        return found


def move(
    instance: models.Model,
    target: str,
    *,
    flow: Flow,
    actor: Any,
    reason: str = "",
    field: str = "status",
    **changes: Any,
) -> None:
    """Move ``instance`` to ``target`` and write down who did it and why.

    The caller has locked the row in the open transaction. ``changes`` are set along with the
    state; ``actor`` is None for the system. If the row has meanwhile left the state that
    ``instance`` shows, nothing is changed.

    Raises ``InvalidTransitionError`` if the flow has no such move, ``MissingError`` if the row is
    gone, ``RuntimeError`` outside a transaction.
    """
    using = router.db_for_write(type(instance), instance=instance)
    if not transaction.get_connection(using).in_atomic_block:
        raise RuntimeError("A move is made inside a transaction.")
    current, target = str(getattr(instance, field)), str(target)
    flow.check(current, target)
    _write(instance, using, field, {**changes, field: target}, flow)
    audit.record(
        f"{type(instance)._meta.label_lower}.{target}",
        target=instance,
        actor=actor,
        before={field: current},
        after={field: target},
        reason=reason,
    )


def _write(
    instance: models.Model, using: str, field: str, values: dict[str, Any], flow: Flow
) -> None:
    rows = type(instance)._base_manager.using(using).filter(pk=instance.pk)
    stamps = {
        column.attname: column.pre_save(instance, add=False)
        for column in instance._meta.concrete_fields
        if getattr(column, "auto_now", False)
    }
    if not rows.filter(**{field: getattr(instance, field)}).update(**stamps, **values):
        found = rows.values_list(field, flat=True).first()
        if found is None:
            raise MissingError
        raise InvalidTransitionError(found, flow.allowed(found))
    computed = [name for name, value in values.items() if hasattr(value, "resolve_expression")]
    for name, value in values.items():
        setattr(instance, name, value)
    if computed:
        instance.refresh_from_db(using=using, fields=computed)


def load_flows() -> tuple[Flow, ...]:
    """Import ``flows`` of every app of Courtyard, where its flows are declared, and return all."""
    for config in apps.get_app_configs():
        home = Path(config.path)
        ours = Path(settings.BASE_DIR) in home.parents and "site-packages" not in home.parts
        if ours and (home / "flows.py").exists():
            importlib.import_module(f"{config.name}.flows")
    return Flow.registered()


def flow_docs() -> str:
    """The page that draws every flow, as Markdown."""
    drawings = [f"## {flow.name}\n\n```mermaid\n{flow.mermaid()}\n```" for flow in load_flows()]
    return "\n\n".join([FLOW_DOCS_HEAD, *drawings]) + "\n"


def flow_docs_path() -> Path:
    """Where the page that draws every flow is kept."""
    return Path(settings.BASE_DIR) / "docs" / "flows.md"


def write_flow_docs() -> Path:
    """Write ``flow_docs`` to its place and return the path."""
    path = flow_docs_path()
    path.write_text(flow_docs(), encoding="utf-8")
    return path


def _texts(states: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(str(state) for state in states))
