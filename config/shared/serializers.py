"""The serializers that all others derive from: bounded, and as strict as the database."""

from collections.abc import Mapping
from copy import copy
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.validators import ArrayMaxLengthValidator
from django.core.exceptions import ImproperlyConfigured
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import models
from django.db.models import Q, Value
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import empty

from config.shared.constraints import constraint_fields
from config.shared.fields import BoundedJSONField, VisibleRelatedField
from config.shared.pointers import NON_FIELD

# Constraints (they cannot be hashed) with the fields that each speaks of.
Relevant = list[tuple[models.BaseConstraint, tuple[str, ...]]]


class Serializer(serializers.Serializer):
    """Input or output that is not one model's; unknown members of the input are ignored."""

    if TYPE_CHECKING:
        # With many=True the arguments of a list (max_length, allow_empty) are welcome, too.
        def __init__(self, *args: Any, **kwargs: Any) -> None: ...


class ModelSerializer(serializers.ModelSerializer):
    """A model's fields, its references by audience, and its constraints as field errors.

    Constraints of the model are checked after everything else, with the codes they were declared
    with; those that speak of fields which this serializer neither takes nor finds on the instance
    are left to the database. ``given`` tells what the view's service will add.
    """

    serializer_related_field = VisibleRelatedField
    serializer_field_mapping: ClassVar[dict[Any, Any]] = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.JSONField: BoundedJSONField,
    }

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        meta = getattr(cls, "Meta", None)
        if getattr(meta, "fields", None) == "__all__" or hasattr(meta, "exclude"):
            raise ImproperlyConfigured(f"{cls.__name__} has to name its fields one by one.")

    def given(self) -> dict[str, Any]:
        """Model fields that do not come from the input but are known: ``{"owner": caller}``."""
        return {}

    def run_validation(self, data: Any = empty) -> Any:
        values = super().run_validation(data)
        if isinstance(values, Mapping) and (errors := self._violations(values)):
            raise serializers.ValidationError(errors)
        return values

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[Any, dict[str, Any]]:
        """As upstream, with the size of an array as the bound of its list."""
        field_class, options = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, ArrayField) and model_field.size:
            options["max_length"] = model_field.size
            options["validators"] = [
                found
                for found in options.get("validators", [])
                if not isinstance(found, ArrayMaxLengthValidator)
            ]
        return field_class, options

    def get_unique_together_validators(self) -> list[Any]:
        """None: constraints are checked with their own codes, see ``run_validation``."""
        return []

    def get_uniqueness_extra_kwargs(
        self, field_names: Any, declared_fields: Any, extra_kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Nothing extra: a field is required when its column is, not because it is unique."""
        return extra_kwargs, {}

    def _violations(self, values: Mapping[str, Any]) -> dict[str, list[ErrorDetail]]:
        model: type[models.Model] = self.Meta.model
        row = self.instance if isinstance(self.instance, models.Model) else None
        columns = {field.name for field in model._meta.concrete_fields}
        values = {**self.given(), **values}
        touched = {name for name in values if name in columns}
        known = columns
        if row is None:
            known = columns & {*touched, *(field.source for field in self._writable_fields)}
            touched = known
        candidate = model() if row is None else copy(row)
        for name in columns & set(values):
            setattr(candidate, name, values[name])
        relevant = [
            (constraint, fields)
            for constraint in model._meta.constraints
            if touched.intersection(fields := constraint_fields(constraint))
            and known.issuperset(fields)
        ]
        return self._check(candidate, relevant)

    def _check(self, candidate: models.Model, relevant: Relevant) -> dict[str, list[ErrorDetail]]:
        found: dict[str, list[ErrorDetail]] = {}
        skipped = _known_to_hold(candidate, relevant)
        for constraint, fields in relevant:
            if constraint.name in skipped:
                continue
            try:
                constraint.validate(type(candidate), candidate)
            except DjangoValidationError as error:
                code = constraint.violation_error_code or error.code or constraint.name
                details = [ErrorDetail(message, code) for message in error.messages]
                found.setdefault(self._place(fields), []).extend(details)
        return found

    def _place(self, fields: tuple[str, ...]) -> str:
        """The one field of this serializer that a constraint speaks of; else the whole."""
        names = [str(field.field_name) for field in self._writable_fields if field.source in fields]
        return names[0] if len(names) == 1 else NON_FIELD


def _known_to_hold(candidate: models.Model, relevant: Relevant) -> set[str]:
    """Names of the check constraints that ``candidate`` satisfies, if it does all: in one query."""
    fields = {field.name: field for field in candidate._meta.concrete_fields}
    checks = [
        (constraint, names)
        for constraint, names in relevant
        if isinstance(constraint, models.CheckConstraint)
        and not any(fields[name].generated for name in names)
    ]
    if not checks:
        return set()
    against = {
        name: _as_expression(getattr(candidate, fields[name].attname), fields[name])
        for name in {name for _, names in checks for name in names}
    }
    condition = reduce(and_, (check.condition for check, _ in checks))
    return {check.name for check, _ in checks} if Q(condition).check(against) else set()


def _as_expression(value: Any, field: models.Field) -> Any:
    return value if hasattr(value, "resolve_expression") else Value(value, field)
