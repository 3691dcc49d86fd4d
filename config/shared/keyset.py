"""Positions in an ordered queryset, told by the values of a row instead of by counting."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, Self
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

WRITERS: dict[type, tuple[str, Any]] = {
    datetime: ("t", datetime.isoformat),
    date: ("d", date.isoformat),
    UUID: ("u", str),
    Decimal: ("n", str),
}
READERS: dict[str, Any] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "u": UUID,
    "n": Decimal,
}


def _written(value: Any) -> Any:
    if type(value) not in WRITERS:
        return value
    kind, write = WRITERS[type(value)]
    return [kind, write(value)]


def _read(value: Any) -> Any:
    return READERS[value[0]](value[1]) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Keyset:
    """The order of a queryset: names of columns, each with its direction, the key last."""

    label: str
    columns: tuple[tuple[str, bool], ...]

    @classmethod
    def of(cls, queryset: QuerySet[Any]) -> Self:
        """The order that ``queryset`` stands in; the key is appended where it is not in it."""
        meta = queryset.model._meta
        columns = [_column(entry) for entry in queryset.query.order_by or meta.ordering]
        if not any(name in {"pk", meta.pk.name} for name, _ in columns):
            columns.append(("pk", columns[-1][1] if columns else False))
        for name, _ in columns:
            _refuse_nullable(queryset.model, name)
        return cls(meta.label_lower, tuple(columns))

    @property
    def salt(self) -> str:
        """What a cursor's signature covers besides its values: the model and the order."""
        order = ",".join(f"{'-' if descending else ''}{name}" for name, descending in self.columns)
        return f"courtyard.cursor:{self.label}:{order}"

    def after(self, queryset: QuerySet[Any], cursor: "Cursor | None") -> QuerySet[Any]:
        """``queryset`` from the cursor's row on, in the cursor's direction; all of it for None."""
        backwards = cursor is not None and cursor.backwards
        columns = [(name, descending != backwards) for name, descending in self.columns]
        ordered = queryset.order_by(*(f"{'-' if down else ''}{name}" for name, down in columns))
        return ordered if cursor is None else ordered.filter(_beyond(columns, cursor.values))

    def cursor_at(self, row: Model, *, backwards: bool) -> "Cursor":
        """The cursor that continues behind ``row``, or before it when ``backwards``."""
        values = [reduce(getattr, name.split("__"), row) for name, _ in self.columns]
        return Cursor(self.salt, backwards, tuple(values))


@dataclass(frozen=True, slots=True)
class Cursor:
    """The values of the row that a page begins behind; signed, so that none can be made up."""

    salt: str
    backwards: bool
    values: tuple[Any, ...]

    def written(self) -> str:
        """As it stands in an address."""
        content = [int(self.backwards), *(_written(value) for value in self.values)]
        return signing.dumps(content, salt=self.salt)

    @classmethod
    def read(cls, text: str, keyset: Keyset) -> Self | None:
        """What ``written`` wrote for the same keyset; None for anything else."""
        try:
            backwards, *values = signing.loads(text, salt=keyset.salt)
        except signing.BadSignature:
            return None
        return cls(keyset.salt, bool(backwards), tuple(_read(value) for value in values))


def _column(entry: Any) -> tuple[str, bool]:
    if isinstance(entry, str) and entry != "?":
        return entry.removeprefix("-"), entry.startswith("-")
    if isinstance(entry, OrderBy) and isinstance(entry.expression, F):
        return str(getattr(entry.expression, "name", "")), entry.descending
    raise ImproperlyConfigured(f"A cursor cannot follow the order {entry!r}: name a column.")


def _refuse_nullable(model: type[Model], path: str) -> None:
    """A NULL compares with nothing, so rows that have one would be on no page."""
    for name in path.split("__"):
        try:
            field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return
        if getattr(field, "null", False):
            raise ImproperlyConfigured(f"A cursor cannot follow {path}: it may be null.")
        model = field.related_model or model


def _beyond(columns: list[tuple[str, bool]], values: tuple[Any, ...]) -> Any:
    """The rows strictly behind ``values``: one row comparison where all columns run one way."""
    if len({descending for _, descending in columns}) == 1:
        lookup = TupleLessThan if columns[0][1] else TupleGreaterThan
        return lookup(tuple(F(name) for name, _ in columns), values)
    branches = []
    for index, (name, descending) in enumerate(columns):
        equal = {column: value for (column, _), value in zip(columns[:index], values, strict=False)}
        branches.append(Q(**equal, **{f"{name}__{'lt' if descending else 'gt'}": values[index]}))
    return reduce(or_, branches)
