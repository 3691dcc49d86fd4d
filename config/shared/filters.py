"""Filters, search and ordering of lists: declared, bounded, and refused when unknown.

A list takes the parameters that its view declares and no others: those of ``filterset_class``,
``?search`` where there are ``search_fields``, ``?ordering`` where there are ``ordering_fields``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django_filters import rest_framework as base
from rest_framework.filters import BaseFilterBackend
from rest_framework.filters import SearchFilter as BaseSearchFilter
from rest_framework.request import Request

from config.shared.errors import FieldError, InvalidInputError

MAX_SEARCH = 100
MAX_SEARCH_TERMS = 8
ORDERING = "ordering"


class FilterSet(base.FilterSet):
    """The base of every filter set.

    Declare each filter with the classes of ``config.shared.filter_fields``: they are bounded and
    say what they refuse. Ranges are two filters (``price_min``, ``price_max``), never a lookup.
    Of dozens of filters a request uses a few: the others are not made for it, and their names are
    missing in ``form.cleaned_data``.
    """

    base_filters: dict[str, Any]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        self.base_filters = {
            name: declared
            for name, declared in self.base_filters.items()
            if name in (data or ()) or declared.extra.get("required")
        }
        super().__init__(data, *args, **kwargs)

    def refuse_invalid(self) -> None:
        """Raise ``InvalidInputError`` naming each parameter whose value is not acceptable."""
        if self.is_valid():
            return
        errors = [
            FieldError("", error.code or "invalid", message, name)
            for name, found in self.errors.as_data().items()
            for error in found
            for message in error.messages
        ]
        raise InvalidInputError("A filter has a value that it does not take.", errors=errors)


class FilterBackend(base.DjangoFilterBackend):
    """Applies the view's ``filterset_class``."""

    filterset_base = FilterSet

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        filterset.refuse_invalid()
        return filterset.qs

    def parameter_names(self, view: Any) -> Iterable[str]:
        """Every name that the form of the view's filter set reads."""
        filterset = getattr(view, "filterset_class", None)
        return filterset.base_filters if filterset else ()

    def repeatable_names(self, view: Any) -> Iterable[str]:
        """The filters that may be given several times."""
        filterset = getattr(view, "filterset_class", None)
        declared: Mapping[str, Any] = filterset.base_filters if filterset else {}
        return [
            name for name, found in declared.items() if isinstance(found, base.MultipleChoiceFilter)
        ]


class SearchFilter(BaseSearchFilter):
    """``?search`` over the view's ``search_fields``: every word must occur in one of them."""

    lookup_prefixes = {"^": "istartswith", "=": "iexact"}

    def get_search_fields(self, view: Any, request: Request) -> Any:
        fields = getattr(view, "search_fields", None)
        if any(field[0] in "$@" for field in fields or ()):
            raise ImproperlyConfigured(f"{view.__class__.__name__} searches with a pattern.")
        return fields

    def get_search_terms(self, request: Request) -> list[str]:
        text = request.query_params.get(self.search_param, "")
        terms = list(super().get_search_terms(request))
        if len(text) > MAX_SEARCH or len(terms) > MAX_SEARCH_TERMS:
            raise InvalidInputError.in_parameter(
                self.search_param,
                "too_long",
                f"At most {MAX_SEARCH} characters and {MAX_SEARCH_TERMS} words.",
            )
        return terms

    def parameter_names(self, view: Any) -> Iterable[str]:
        return (self.search_param,) if getattr(view, "search_fields", None) else ()

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": "Words that must all occur.",
                "schema": {"type": "string", "maxLength": MAX_SEARCH},
            }
            for name in self.parameter_names(view)
        ]


class OrderingFilter(BaseFilterBackend):
    """``?ordering`` over the view's ``ordering_fields``, and an order that is always total.

    ``ordering_fields`` lists public names, or maps them to the columns or expressions behind
    them; ``ordering`` is the view's own order (else the queryset's, else the model's). Whatever
    is chosen, the key is appended in the direction of the last column.
    """

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        chosen = self._chosen(request, view) or getattr(view, "ordering", None)
        if isinstance(chosen, str):
            chosen = (chosen,)
        order = list(chosen or queryset.query.order_by or queryset.model._meta.ordering)
        return queryset.order_by(*with_key(order, queryset))

    def _chosen(self, request: Request, view: Any) -> list[str]:
        text = request.query_params.get(ORDERING)
        if text is None:
            return []
        allowed = self.columns(view)
        names = text.split(",")
        bare = [name.removeprefix("-") for name in names]
        if any(name not in allowed for name in bare) or len(set(bare)) != len(bare):
            values = self.values(view)
            error = InvalidInputError.in_parameter(
                ORDERING,
                "unknown_ordering",
                f"Known values, each at most once: {', '.join(values)}.",
            )
            error.extra["allowed"] = values
            raise error
        return [
            f"{'-' if name.startswith('-') else ''}{allowed[name.removeprefix('-')]}"
            for name in names
        ]

    def columns(self, view: Any) -> dict[str, str]:
        """Public name → column, for everything the view can be ordered by."""
        fields = getattr(view, "ordering_fields", None) or ()
        return dict(fields) if isinstance(fields, Mapping) else {name: name for name in fields}

    def values(self, view: Any) -> list[str]:
        """Every value that one part of ``?ordering`` can have."""
        return [value for name in self.columns(view) for value in (name, f"-{name}")]

    def parameter_names(self, view: Any) -> Iterable[str]:
        return (ORDERING,) if self.columns(view) else ()

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        values = self.values(view)
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": "The order of the results; `-` in front turns it round.",
                "explode": False,
                "style": "form",
                "schema": {
                    "type": "array",
                    "items": {"type": "string", "enum": values},
                    "minItems": 1,
                    "maxItems": len(values) // 2,
                    "uniqueItems": True,
                },
            }
            for name in self.parameter_names(view)
        ]


def with_key(order: list[Any], queryset: QuerySet[Any]) -> list[Any]:
    """``order`` with the key at its end, running the way the last column runs."""
    keys = {"pk", "-pk", queryset.model._meta.pk.name, f"-{queryset.model._meta.pk.name}"}
    if any(isinstance(entry, str) and entry in keys for entry in order):
        return order
    last = order[-1] if order else ""
    descending = getattr(last, "descending", isinstance(last, str) and last.startswith("-"))
    return [*order, "-pk" if descending else "pk"]
