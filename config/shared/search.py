"""Full-text search: columns that the database fills by itself, with weights."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models

# English stems; words of other languages are kept as they are.
CONFIGURATION = "english"


class WeightedVector(models.Func):
    """``setweight(to_tsvector(…), weight)`` of a text column; immutable, so it can be generated."""

    arity = 1
    output_field = SearchVectorField()
    template = "setweight(to_tsvector('%(config)s'::regconfig, %(expressions)s), '%(weight)s')"

    def __init__(self, expression: Any, *, weight: str, **extra: Any) -> None:
        super().__init__(expression, weight=weight, config=CONFIGURATION, **extra)


class WeightedJsonVector(models.Func):
    """The same of all texts in a JSON column."""

    arity = 1
    output_field = SearchVectorField()
    template = (
        "setweight(jsonb_to_tsvector('%(config)s'::regconfig, %(expressions)s, "
        "'[\"string\"]'::jsonb), '%(weight)s')"
    )

    def __init__(self, expression: Any, *, weight: str, **extra: Any) -> None:
        super().__init__(expression, weight=weight, config=CONFIGURATION, **extra)


class Joined(models.Func):
    """Search vectors one after the other."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = SearchVectorField()
