"""Every database constraint by name, so that a violation keeps the code it was declared with.

A constraint is written once, in ``Meta.constraints``, with ``violation_error_code`` and
``violation_error_message``. The admin and the shared serializers validate it before the database
sees the row; when a race gets past them, ``integrity_problem`` finds it again by its name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models
from django.db.models import BaseConstraint
from django.db.models.expressions import F

from config.shared.errors import ConflictError, DomainError, InvalidInputError

UNIQUE = "23505"
NOT_NULL = "23502"
NAME_LIMIT = 63
KEY_COLUMNS = re.compile(r"^Key \((?P<columns>[^)]+)\)=")


@dataclass(frozen=True, slots=True)
class KnownConstraint:
    """What the models say of one constraint of the database."""

    name: str
    model: type[models.Model]
    fields: tuple[str, ...]
    code: str
    message: str


class ViolatedError(ConflictError):
    """A database constraint refused what validation had let through."""

    title = "This conflicts with what is stored"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class InUseError(ConflictError):
    """Other rows need the one that should go."""

    code = "in_use"
    title = "Other things still depend on this"


def constraint_fields(constraint: BaseConstraint) -> tuple[str, ...]:
    """The fields of the model that ``constraint`` speaks of, in the order they appear."""
    found: list[str] = list(getattr(constraint, "fields", ()))
    expressions: list[Any] = [
        *getattr(constraint, "expressions", ()),
        getattr(constraint, "condition", None),
    ]
    for expression in expressions:
        found.extend(_referenced(expression))
    return tuple(dict.fromkeys(name.split("__")[0] for name in found))


def _referenced(expression: Any) -> Iterable[str]:
    if isinstance(expression, list | tuple):
        return [name for part in expression for name in _referenced(part)]
    if isinstance(expression, F):
        return [str(getattr(expression, "name", ""))]
    if isinstance(expression, models.Q):
        return [name for child in expression.children for name in _referenced_by_child(child)]
    sources: list[Any] = getattr(expression, "get_source_expressions", list)()
    return [name for source in sources for name in _referenced(source)]


def _referenced_by_child(child: Any) -> Iterable[str]:
    if isinstance(child, tuple) and len(child) == 2 and isinstance(child[0], str):
        return [child[0], *_referenced(child[1])]
    return _referenced(child)


@cache
def known_constraints() -> dict[str, KnownConstraint]:
    """Every declared constraint and every ``unique=True`` of every model, by its name."""
    found: dict[str, KnownConstraint] = {}
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if field.unique and not field.primary_key:
                name = f"{model._meta.db_table}_{field.column}_key"[:NAME_LIMIT]
                found[name] = _of_unique_field(name, model, field)
        for constraint in model._meta.constraints:
            found[constraint.name] = KnownConstraint(
                name=constraint.name,
                model=model,
                fields=constraint_fields(constraint),
                code=constraint.violation_error_code or constraint.name,
                message=str(constraint.get_violation_error_message()),
            )
    return found


def _of_unique_field(name: str, model: type[models.Model], field: models.Field) -> KnownConstraint:
    message = f"Another one with this {field.verbose_name} exists."
    return KnownConstraint(name, model, (field.name,), "unique", message)


def integrity_problem(error: IntegrityError) -> DomainError:
    """The refusal that ``error`` means: the constraint's own code with 409, or 400 for a null."""
    if isinstance(error, models.ProtectedError | models.RestrictedError):
        return InUseError()
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    known = known_constraints().get(name) if name else None
    if known is not None:
        return ViolatedError(known.code, known.message)
    state = getattr(error.__cause__, "sqlstate", None)
    if state == NOT_NULL:
        return InvalidInputError.at("", "null", "A value that is needed is missing.")
    if state == UNIQUE:
        return _of_unknown_unique(diagnosis)
    return ConflictError("This conflicts with other things that are stored.")


def _of_unknown_unique(diagnosis: Any) -> DomainError:
    """A unique index that PostgreSQL named: say which columns, never which values."""
    found = KEY_COLUMNS.match(getattr(diagnosis, "message_detail", None) or "")
    columns = found["columns"].replace("_", " ") if found else "values"
    return ViolatedError("unique", f"Another one with this {columns} exists.")
