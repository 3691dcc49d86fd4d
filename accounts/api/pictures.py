"""Where a picture is to be found, for serializers."""

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import MediaFile


@extend_schema_field(OpenApiTypes.URI)
class PictureField(serializers.Field):
    """The lasting address of a picture that everybody may see; null where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"read_only": True, "allow_null": True, **kwargs})

    def to_representation(self, value: MediaFile) -> str | None:
        if value.is_private:
            return None
        return f"{settings.MEDIA_BASE_URL}/api/v1/media/{value.pk}/file/"
