"""How the bounds of filters stand in the OpenAPI description."""

from typing import Any

from drf_spectacular.contrib.django_filters import DjangoFilterExtension


class BoundedFilterExtension(DjangoFilterExtension):
    """Adds what ``config.shared.filter_fields`` knows to what can be read off the form."""

    target_class = "config.shared.filters.FilterBackend"
    priority = 1

    def resolve_filter_field(
        self, auto_schema: Any, model: Any, filterset_class: Any, field_name: str, filter_field: Any
    ) -> list[dict[str, Any]]:
        found = super().resolve_filter_field(
            auto_schema, model, filterset_class, field_name, filter_field
        )
        for parameter in found:
            schema = {**parameter["schema"], **getattr(filter_field, "bounds", {})}
            if schema.get("type") == "array":
                choices = schema["items"].get("enum")
                schema.setdefault("maxItems", len(choices) if choices else None)
            parameter["schema"] = {key: value for key, value in schema.items() if value is not None}
        return found
