"""Figures about people, some of them kept by apps that this one does not know.

A higher app registers how its figure is computed, as an expression over the person's row; until
then the figure is what it truly is without that app: no products, no rating.
"""

from collections.abc import Callable
from typing import Any, Literal

from django.apps import apps
from django.db import models
from django.db.models import Count, Expression, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce

FigureName = Literal["products", "rating"]

RATING_FIELD = models.DecimalField(max_digits=3, decimal_places=2)

_WITHOUT: dict[FigureName, Callable[[], Any]] = {
    "products": lambda: Value(0, output_field=IntegerField()),
    "rating": lambda: Cast(Value(None), RATING_FIELD),
}
_registered: dict[FigureName, Callable[[], Any]] = {}


def register_figure(name: FigureName, compute: Callable[[], Any]) -> Callable[[], Any] | None:
    """Let ``compute`` make the expression behind the figure ``name``; returns what it replaces.

    The expression is evaluated on a queryset of ``User``: ``OuterRef("pk")`` in a subquery is the
    person. "products" is a whole number, "rating" a decimal from 1 to 5 or null.
    """
    replaced = _registered.get(name)
    _registered[name] = compute
    return replaced


def forget_figure(name: FigureName) -> None:
    """Go back to what the figure ``name`` is without anybody who keeps it."""
    _registered.pop(name, None)


def figure(name: FigureName) -> Any:
    """The expression behind the figure ``name``."""
    return _registered.get(name, _WITHOUT[name])()


def number_of(model: str, person: str, **conditions: Any) -> Expression:
    """How many rows of ``model`` point to the person by their field ``person``."""
    rows = apps.get_model(model).objects.filter(**{person: OuterRef("pk")}, **conditions)
    counted = rows.order_by().values(person).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
