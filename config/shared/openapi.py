"""How views become the OpenAPI description: from their declarations and docstrings, truthfully."""

import inspect
from http import HTTPStatus
from typing import Any

from django.utils.text import capfirst
from drf_spectacular.drainage import get_override, has_override, warn
from drf_spectacular.openapi import AutoSchema as BaseAutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, AllowAny

from config.shared.fields import BoundedDictField, VisibleManyField
from config.shared.openapi_filters import BoundedFilterExtension
from config.shared.openapi_problems import problem_responses
from config.shared.operations import (
    Idempotency,
    Operation,
    handler_of,
    idempotency_of,
    input_class_of,
    is_listing,
    operation_of,
    output_class_of,
)
from config.shared.pagination import CursorPagination
from config.shared.permissions import Public, PublicRead

# Imported so that it is known: drf-spectacular finds extensions by their being there.
FILTER_EXTENSION = BoundedFilterExtension
BEARER = "Bearer"
BEARER_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "The access token that signing in gave, valid for a few minutes.",
}
GEOJSON = "application/geo+json"
VERBS = {"get": "retrieve", "put": "replace", "patch": "update", "delete": "delete"}
SUMMARIES = {
    "list": "List {many}",
    "retrieve": "Get {one}",
    "create": "Add {one}",
    "update": "Replace {one}",
    "partial_update": "Change {one}",
    "destroy": "Remove {one}",
}
STANDARD_STATUS = {"create": 201, "destroy": 204}
KEY = OpenApiParameter(
    "Idempotency-Key",
    {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "pattern": "^[!-~]([ -~]*[!-~])?$",
    },
    OpenApiParameter.HEADER,
    description=(
        "A value of your own choice, say a UUID. The same key with the same body within 24 hours "
        "returns the first answer, marked `Idempotent-Replayed: true`, and does nothing again."
    ),
)
REQUIRED_KEY = OpenApiParameter(
    KEY.name, KEY.type, KEY.location, required=True, description=KEY.description
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "maxLength": 1000},
    OpenApiParameter.HEADER,
    description="The `ETag` last read; if the thing has changed since, the answer is a 412.",
)
ETAG = OpenApiParameter(
    "ETag",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="The version of what is shown; send it back in `If-Match`.",
    response=[200, 201],
)


class AutoSchema(BaseAutoSchema):
    """Describes one operation from its ``@documented`` contract, its view and its docstring."""

    @property
    def contract(self) -> Operation:
        """What the operation was declared with."""
        return operation_of(self.view)

    @property
    def action(self) -> str | None:
        """The viewset's action; None for an ``APIView``."""
        return getattr(self.view, "action", None)

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """As upstream, with the example bodies that the contract gives."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        if self.contract.example is not None:
            _set_example(operation.get("requestBody", {}), self.contract.example)
        if self.contract.answer is not None:
            for status, response in operation["responses"].items():
                if status.startswith("2"):
                    _set_example(response, self.contract.answer)
        return operation

    def get_operation_id(self) -> str:
        """``<resource>_<verb>``: ``bookings_hold``, ``units_list``, ``auth_login``."""
        if self.contract.operation_id:
            return self.contract.operation_id
        tokens = [token.replace("-", "_") for token in self._tokenize_path()]
        handler = handler_of(self.view)
        if self.action is None:
            verb = VERBS.get(self.method.lower())
            return "_".join([*tokens, verb] if verb else tokens)
        own_path = getattr(handler, "url_path", None)
        if own_path is not None:
            words = [part for part in own_path.split("/") if part and part[0] not in "({<"]
            tokens = tokens[: len(tokens) - len(words)]
        methods = getattr(self.view, "action_map", {})
        shared = sum(methods[name] == self.action for name in methods if name != "head") > 1
        suffix = [VERBS.get(self.method.lower(), "create")] if shared else []
        return "_".join([*tokens, self.action, *suffix])

    def get_summary(self) -> str:
        """The first sentence of the handler's docstring, or what its action usually does."""
        if self.contract.summary:
            return self.contract.summary
        summary, _ = _split(handler_of(self.view))
        if summary:
            return summary
        noun, plural = self._nouns()
        usual = SUMMARIES.get(self.action or "", capfirst(self.get_operation_id()))
        return usual.replace("_", " ").format(one=noun, many=plural)

    def get_description(self) -> str:  # type: ignore[override]
        """The rest of the handler's docstring, else the docstring of the view's own class."""
        _, rest = _split(handler_of(self.view))
        own = inspect.cleandoc(self.view.__class__.__dict__.get("__doc__") or "")
        if not own:
            warn(f"{self.view.__class__.__name__} has no docstring of its own.")
        return rest or own

    def get_tags(self) -> list[str]:
        """The first part of the path, unless the contract or the view names another."""
        named = self.contract.tag or getattr(self.view, "tag", None)
        return [named] if named else super().get_tags()

    def get_auth(self) -> list[dict[str, Any]]:
        """A bearer token; nothing at all will do, too, where anybody may call."""
        if not self.view.get_authenticators():
            return [{}]
        self.registry.register_on_missing(
            ResolvedComponent(
                name=BEARER,
                type=ResolvedComponent.SECURITY_SCHEMA,
                object=BEARER,
                schema=BEARER_SCHEME,
            )
        )
        return [{BEARER: []}, {}] if self.is_public() else [{BEARER: []}]

    def is_public(self) -> bool:
        """Whether the operation can be called without signing in."""
        rules = self.view.get_permissions()
        if any(isinstance(rule, (Public, AllowAny)) for rule in rules) or not rules:
            return True
        return self.method in SAFE_METHODS and any(isinstance(rule, PublicRead) for rule in rules)

    def get_request_serializer(self) -> Any:
        """What the operation takes; None for an operation without a body."""
        return input_class_of(self.view)

    def get_response_serializers(self) -> Any:
        """What success gives, by its status."""
        status = self.contract.status or STANDARD_STATUS.get(self.action or "", 200)
        serializer_class = output_class_of(self.view)
        phrase = HTTPStatus(status).phrase
        if serializer_class is None:
            if not self.contract.nothing and self.method != "DELETE":
                warn(f"{self.view.__class__.__name__} does not declare what it gives.")
            return {204 if status == 200 else status: OpenApiResponse(description=phrase)}
        many = self.contract.many or self.contract.paginated
        shown = serializer_class(many=True) if many else serializer_class
        return {status: OpenApiResponse(shown, description=phrase)}

    def get_override_parameters(self) -> list[Any]:
        """The headers that the operation reads and writes, and what the contract adds."""
        found: list[Any] = list(self.contract.parameters)
        if self.method == "POST":
            rule = idempotency_of(self.view)
            if rule == Idempotency.REQUIRED:
                found.append(REQUIRED_KEY)
            elif rule == Idempotency.OPTIONAL and not self.is_public():
                found.append(KEY)
        if self.has_versions():
            found.append(ETAG)
            if self.method in {"PUT", "PATCH", "DELETE"}:
                found.append(IF_MATCH)
        return found

    def has_versions(self) -> bool:
        """Whether the operation shows or changes one thing that has an ETag."""
        standard = self.action in {"retrieve", "create", "update", "partial_update", "destroy"}
        return getattr(self.view, "conditional_writes", False) and standard

    def get_filter_backends(self) -> list[Any]:
        """Those of the view, where the operation is a list that filters."""
        return list(getattr(self.view, "filter_backends", [])) if is_listing(self.view) else []

    def _get_pagination_parameters(self) -> list[Any]:
        return super()._get_pagination_parameters() if is_listing(self.view) else []

    def _get_paginator(self) -> Any:
        return super()._get_paginator() if is_listing(self.view) else None

    def get_paginated_name(self, serializer_name: str) -> str:
        """``PaginatedUnitList``, or ``UnitFeed`` for a list that is paged by cursor."""
        if isinstance(self._get_paginator(), CursorPagination):
            return f"{serializer_name}Feed"
        return super().get_paginated_name(serializer_name)

    def _get_response_bodies(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        responses = super()._get_response_bodies(*args, **kwargs)
        return dict(sorted({**problem_responses(self), **responses}.items()))

    def _get_serializer_name(
        self, serializer: Any, direction: Any, bypass_extensions: bool = False
    ) -> str:
        """A name that ``extend_schema_serializer(component_name=…)`` gives is used as it is."""
        if has_override(serializer, "component_name"):
            return str(get_override(serializer, "component_name"))
        return super()._get_serializer_name(serializer, direction, bypass_extensions)

    def _map_serializer_field(self, field: Any, *args: Any, **kwargs: Any) -> Any:
        schema = super()._map_serializer_field(field, *args, **kwargs)
        if not isinstance(schema, dict):
            return schema
        longest = getattr(field, "max_length", None)
        if isinstance(field, VisibleManyField):
            return {**schema, "maxItems": longest, "uniqueItems": True}
        if isinstance(field, BoundedDictField):
            return {**schema, "maxProperties": longest, "propertyNames": {"maxLength": 100}}
        if isinstance(field, serializers.ListSerializer) and longest:
            return {**schema, "maxItems": longest}
        return schema

    def _nouns(self) -> tuple[str, str]:
        """What the view is about, with its article, and in the plural."""
        queryset = getattr(self.view, "queryset", None)
        if queryset is None:
            many = self._tokenize_path()[-1].replace("-", " ")
            return f"one of the {many}", many
        meta = queryset.model._meta
        one = str(meta.verbose_name)
        article = "an" if one[0] in "aeio" else "a"
        return f"{article} {one}", str(meta.verbose_name_plural)


def _split(handler: Any) -> tuple[str, str]:
    """The first sentence of a docstring, without its full stop, and the whole of it."""
    text = inspect.cleandoc(getattr(handler, "__doc__", None) or "")
    if not text:
        return "", ""
    head = text.split("\n\n", 1)[0].replace("\n", " ")
    sentence = head.split(". ", 1)[0].rstrip(".")
    return sentence, text


def _set_example(body: dict[str, Any], example: Any) -> None:
    for media_type, content in body.get("content", {}).items():
        if media_type != GEOJSON:
            content["example"] = example
