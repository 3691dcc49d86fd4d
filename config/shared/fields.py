"""Fields of serializers that know their bounds and their audience."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from drf_spectacular.drainage import set_override
from rest_framework import serializers
from rest_framework.relations import MANY_RELATION_KWARGS

from config.shared.querysets import VisibleQuerySet
from config.shared.safe_json import JSONBounds

MAX_RELATED = 100


class VisibleManyField(serializers.ManyRelatedField):
    """Several identifiers, looked up in one query; each must be visible to the caller."""

    child_relation: "VisibleRelatedField"
    default_error_messages = {
        "max_length": "At most {max_length} identifiers.",
        "repeated": "The same identifier stands here twice.",
    }

    def __init__(self, *args: Any, max_length: int = MAX_RELATED, **kwargs: Any) -> None:
        self.max_length = max_length
        super().__init__(*args, **kwargs)

    def to_internal_value(self, data: Any) -> list[models.Model]:
        if not isinstance(data, list):
            self.fail("not_a_list", input_type=type(data).__name__)
        if not self.allow_empty and not data:
            self.fail("empty")
        if len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return self._found([self.child_relation.key_of(item) for item in data])

    def _found(self, keys: Sequence[Any]) -> list[models.Model]:
        if len(set(keys)) != len(keys):
            self.fail("repeated")
        rows = self.child_relation.get_queryset().in_bulk(keys)
        missing: dict[Any, Any] = {
            index: self.child_relation.missing().detail
            for index, key in enumerate(keys)
            if key not in rows
        }
        if missing:
            raise serializers.ValidationError(missing)
        return [rows[key] for key in keys]


class VisibleRelatedField(serializers.PrimaryKeyRelatedField):
    """The identifier of a thing that the caller may see.

    ``queryset=Model``: what ``Model.objects.visible_to(caller)`` does not contain is refused with
    ``does_not_exist``, just as if it were not there. With ``many=True`` the list holds at most
    ``max_length`` identifiers (100).
    """

    queryset: Any
    default_error_messages = {
        "does_not_exist": "There is no such thing here.",
        "incorrect_type": "Must be an identifier.",
    }

    def __init__(self, **kwargs: Any) -> None:
        source = kwargs.get("queryset")
        if isinstance(source, type) and issubclass(source, models.Model):
            kwargs["queryset"] = source._default_manager
        if (manager := kwargs.get("queryset")) is not None:
            model = manager.model
            if not isinstance(model._default_manager.all(), VisibleQuerySet):
                raise ImproperlyConfigured(f"{model.__name__} does not say to whom it is visible.")
            if isinstance(model._meta.pk, models.UUIDField):
                kwargs.setdefault("pk_field", serializers.UUIDField())
        super().__init__(**kwargs)

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> VisibleManyField:
        bounds = {"max_length": kwargs.pop("max_length")} if "max_length" in kwargs else {}
        shared = {name: kwargs[name] for name in kwargs if name in MANY_RELATION_KWARGS}
        return VisibleManyField(child_relation=cls(*args, **kwargs), **shared, **bounds)

    def get_queryset(self) -> Any:
        model = self.queryset.model
        request = self.context.get("request")
        audience = model._default_manager.visible_to(getattr(request, "user", None))
        return audience.all()

    def key_of(self, data: Any) -> Any:
        """``data`` as a primary key, or a validation error."""
        if self.pk_field is not None:
            return self.pk_field.to_internal_value(data)
        if isinstance(data, bool | dict | list):
            self.fail("incorrect_type")
        return data

    def to_internal_value(self, data: Any) -> models.Model:
        try:
            return self.get_queryset().get(pk=self.key_of(data))
        except self.queryset.model.DoesNotExist:
            raise self.missing() from None

    def missing(self) -> serializers.ValidationError:
        """The refusal of an identifier that the caller cannot see, whether it exists or not."""
        return serializers.ValidationError(
            self.error_messages["does_not_exist"], code="does_not_exist"
        )

    def to_representation(self, value: Any) -> Any:
        return str(value.pk) if isinstance(value.pk, UUID) else value.pk


class BoundedJSONField(serializers.JSONField):
    """Free-form JSON within limits, see ``config.shared.safe_json``; ``schema`` is its shape."""

    def __init__(self, *, schema: dict[str, Any] | None = None, **kwargs: Any) -> None:
        bounds = kwargs.pop("bounds", None) or JSONBounds(schema=schema)
        super().__init__(**kwargs)
        if not any(isinstance(found, JSONBounds) for found in self.validators):
            self.validators.append(bounds)
        if schema is not None:
            set_override(self, "field", schema)


class BoundedDictField(serializers.DictField):
    """An object with at most ``max_length`` members, whose names have at most 100 characters."""

    default_error_messages = {
        "max_length": "At most {max_length} members.",
        "key_too_long": "A name is longer than 100 characters.",
    }

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        self.max_length = max_length
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict):
            if len(data) > self.max_length:
                self.fail("max_length", max_length=self.max_length)
            if any(len(str(key)) > 100 for key in data):
                self.fail("key_too_long")
        return super().to_internal_value(data)
