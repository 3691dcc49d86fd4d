"""The base of every queryset: who may see which rows is asked here and nowhere else."""

from typing import Any, Self, TypeVar

from django.db import models

ModelT_co = TypeVar("ModelT_co", bound=models.Model, covariant=True)


class VisibleQuerySet(models.QuerySet[ModelT_co]):
    """A queryset with one audience rule.

    Lists, details, counts, searches, nested serializers, identifiers in request bodies,
    exports, notifications and sockets all begin with ``visible_to``.
    """

    def visible_to(self, user: Any) -> Self:
        """The rows that ``user``, maybe an anonymous one, may see: none, until a model says so."""
        return self.none()
