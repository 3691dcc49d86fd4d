"""Lists and things with a place as GeoJSON (RFC 7946), for whoever asks for it by ``Accept``.

A view adds ``GeoJSONRenderer`` to its renderers; its serializer shows the place as ``location``
with ``lat`` and ``lng``, or null. That member becomes the geometry, all others the properties.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from config.shared.renderers import JSONRenderer, to_json

MEDIA_TYPE = "application/geo+json"
ENVELOPE = ("count", "count_is_capped", "next", "previous")
PLACE = "location"


class GeoJSONRenderer(BaseRenderer):
    """``application/geo+json``: a page is a FeatureCollection, a single thing a Feature."""

    media_type = MEDIA_TYPE
    format = "geojson"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The bytes of ``data``; a problem document stays what it is."""
        response = (renderer_context or {}).get("response")
        if data is None or (response is not None and response.status_code >= 400):
            return b"" if data is None else to_json(data)
        return to_json(as_geojson(data))


GEOJSON_RENDERERS = [JSONRenderer, GeoJSONRenderer]


def as_geojson(data: Mapping[str, Any]) -> dict[str, Any]:
    """A page or a thing, as its view gave it, in GeoJSON; a page keeps its links and count."""
    if "results" not in data:
        return feature(data)
    envelope = {name: data[name] for name in ENVELOPE if name in data}
    features = [feature(item) for item in data["results"]]
    return {"type": "FeatureCollection", "features": features, **envelope}


def feature(item: Mapping[str, Any]) -> dict[str, Any]:
    """One thing: longitude before latitude, no geometry where the place is not known."""
    place = item.get(PLACE) or {}
    known = place.get("lat") is not None and place.get("lng") is not None
    point = {"type": "Point", "coordinates": [place["lng"], place["lat"]]} if known else None
    properties = {name: value for name, value in item.items() if name not in {"id", PLACE}}
    identity = {"id": item["id"]} if "id" in item else {}
    return {"type": "Feature", **identity, "geometry": point, "properties": properties}


def describe_geojson(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Schema hook: say of every GeoJSON answer what it looks like."""
    for path in result.get("paths", {}).values():
        for operation in path.values():
            for response in operation.get("responses", {}).values():
                content = response.get("content", {})
                if MEDIA_TYPE in content:
                    shown = content["application/json"]
                    content[MEDIA_TYPE] = _described(shown.get("example"))
    return result


def _described(example: Any) -> dict[str, Any]:
    listed = isinstance(example, Mapping) and "results" in example
    content: dict[str, Any] = {"schema": COLLECTION_SCHEMA if listed else FEATURE_SCHEMA}
    if isinstance(example, Mapping):
        content["example"] = as_geojson(example)
    return content


FEATURE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "geometry", "properties"],
    "properties": {
        "type": {"const": "Feature"},
        "id": {"type": "string"},
        "geometry": {
            "type": ["object", "null"],
            "required": ["type", "coordinates"],
            "properties": {
                "type": {"const": "Point"},
                "coordinates": {
                    "type": "array",
                    "items": {"type": "number"},
                    "minItems": 2,
                    "maxItems": 2,
                },
            },
        },
        "properties": {"type": "object"},
    },
}
COLLECTION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {"type": "array", "items": FEATURE_SCHEMA, "maxItems": 100},
        "count": {"type": "integer"},
        "count_is_capped": {"type": "boolean"},
        "next": {"type": ["string", "null"], "format": "uri"},
        "previous": {"type": ["string", "null"], "format": "uri"},
    },
}
