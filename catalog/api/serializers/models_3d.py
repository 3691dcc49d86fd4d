"""3D models, as the API takes and shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.models import MediaFile
from catalog.api.serializers.files import AttachedFileSerializer
from catalog.models import Model3D
from config.shared.fields import BoundedJSONField, VisibleRelatedField
from config.shared.serializers import ModelSerializer

EXAMPLE_INPUT = {
    "title": "Tower A",
    "file": "0199c3a4-9fa4-7062-bd8e-51607f8192a3",
    "order": 1,
    "is_public": True,
}
EXAMPLE: dict[str, Any] = {
    "id": "0199c3a4-a0b5-7173-8e9f-61708192a3b4",
    "development": "0199c3a4-6c71-7d3f-8a5b-2e3c4d5e6f70",
    "unit": None,
    "title": "Tower A",
    "format": "glb",
    "size": 4_821_300,
    "version": 2,
    "order": 1,
    "is_public": True,
    "file": {
        "id": "0199c3a4-9fa4-7062-bd8e-51607f8192a3",
        "kind": "model",
        "name": "tower-a.glb",
        "content_type": "model/gltf-binary",
        "size": 4_821_300,
        "width": None,
        "height": None,
        "links": {},
    },
    "thumbnail": None,
    "meta": {"meshes": 12, "triangles": 18_240, "preview": "waiting"},
    "created_at": "2026-11-20T10:40:00Z",
    "updated_at": "2026-11-20T10:40:00Z",
}
META = {
    "type": "object",
    "additionalProperties": True,
    "description": "What the model consists of, and in `preview` where its picture comes from: "
    "given, waiting (to be drawn), drawn, placeholder (it cannot be drawn) or missing.",
}


class Model3DSerializer(ModelSerializer):
    """A 3D model of a development or of a unit."""

    size = serializers.IntegerField(source="file.size", read_only=True, help_text="In bytes.")
    file = AttachedFileSerializer(read_only=True)
    thumbnail = AttachedFileSerializer(read_only=True, allow_null=True)

    meta = BoundedJSONField(schema=META, read_only=True)

    class Meta:
        model = Model3D
        fields = [
            "id",
            "development",
            "unit",
            "title",
            "format",
            "size",
            "version",
            "order",
            "is_public",
            "file",
            "thumbnail",
            "meta",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


@extend_schema_serializer(component_name="Model3DUpdate")
class ModelUpdateSerializer(ModelSerializer):
    """What changes about a model; another file is another version of it."""

    order = serializers.IntegerField(min_value=0, max_value=32_767, required=False)
    thumbnail = VisibleRelatedField(queryset=MediaFile, required=False, allow_null=True)

    class Meta:
        model = Model3D
        fields = ["title", "order", "is_public", "thumbnail"]


@extend_schema_serializer(component_name="Model3DInput")
class ModelInputSerializer(ModelUpdateSerializer):
    """A file that is shown as a model; a title that is there already gets a further version."""

    file = VisibleRelatedField(queryset=MediaFile)

    class Meta(ModelUpdateSerializer.Meta):
        fields = ["title", "file", "order", "is_public", "thumbnail"]
