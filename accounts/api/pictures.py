"""Where a picture is to be found, for serializers."""

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import MediaFile
from accounts.services.media_links import links_of


@extend_schema_field(OpenApiTypes.URI)
class PictureField(serializers.Field):
    """The lasting address of a picture that everybody may see; null where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"read_only": True, "allow_null": True, **kwargs})

    def to_representation(self, value: MediaFile) -> str | None:
        if value.is_private:
            return None
        return f"{settings.MEDIA_BASE_URL}/api/v1/media/{value.pk}/file/"


def address_for(picture: MediaFile, *, viewer: Any, rendition: str) -> str | None:
    """The lasting address of a picture, or for one that is not public that of ``viewer`` alone.

    ``viewer`` is whoever asks, signed in or not, and sees what the picture belongs to. Their own
    address works for minutes and leads to ``rendition``, or to the first one that there is.
    """
    if not picture.is_private:
        return PictureField().to_representation(picture)
    if not viewer.is_authenticated:
        return None
    links = links_of(picture, viewer=viewer)
    return links.get(rendition) or next(iter(links.values()), None)
