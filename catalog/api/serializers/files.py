"""Files beside what they belong to."""

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api.serializers.media import LINKS
from accounts.models import MediaFile
from accounts.services.media_links import links_of
from config.shared.serializers import ModelSerializer


@extend_schema_serializer(component_name="AttachedFile")
class AttachedFileSerializer(ModelSerializer):
    """A file that belongs to something; the links of a private one are for the signed-in."""

    links = serializers.SerializerMethodField()

    class Meta:
        model = MediaFile
        fields = ["id", "kind", "name", "content_type", "size", "width", "height", "links"]
        read_only_fields = fields

    @extend_schema_field(LINKS)
    def get_links(self, media: MediaFile) -> dict[str, str]:
        viewer = self.context["request"].user
        if media.is_private and not viewer.is_authenticated:
            return {}
        return links_of(media, viewer=viewer)
