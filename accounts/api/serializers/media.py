"""Files on their way in, and as they are shown."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.choices import MediaKind, MediaPurpose
from accounts.models import MediaFile
from accounts.services.media_links import links_of, upload_target
from config.shared.serializers import ModelSerializer, Serializer

LARGEST = max(limits["bytes"] for limits in settings.MEDIA_LIMITS.values())
LINKS = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "description": "Where it is served, by rendition. Those of a private file are yours alone.",
}
LINKS_VALID_SECONDS = {
    "type": ["integer", "null"],
    "description": "For how long the links of a private file work; null for a public one.",
}
EXAMPLE = {
    "id": "01931f5e-7a00-7cc3-98c4-dc0c0c07398f",
    "kind": "image",
    "purpose": "avatar",
    "status": "clean",
    "name": "me.jpg",
    "content_type": "image/webp",
    "size": 48_213,
    "width": 1600,
    "height": 1200,
    "duration_seconds": None,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "is_private": False,
    "rejection_code": "",
    "meta": {},
    "links": {
        "320": "https://courtyard.example/api/v1/media/01931f5e-7a00-7cc3-98c4-dc0c0c07398f/file/"
        "?rendition=320"
    },
    "links_valid_seconds": None,
    "created_at": "2026-11-21T07:30:00Z",
    "completed_at": "2026-11-21T07:30:04Z",
}
ANNOUNCEMENT_EXAMPLE = {
    "name": "me.jpg",
    "kind": "image",
    "purpose": "avatar",
    "size": 2_310_042,
    "content_type": "image/jpeg",
}
UPLOAD_EXAMPLE = {
    "method": "PUT",
    "url": "https://courtyard.example/api/v1/media/01931f5e-7a00-7cc3-98c4-dc0c0c07398f/upload/"
    "?token=IjAxOTMi",
    "headers": {"Content-Type": "image/jpeg"},
    "expires_at": "2026-11-21T07:45:00Z",
}


@extend_schema_serializer(component_name="MediaAnnouncement")
class MediaAnnouncementSerializer(Serializer):
    """A file that is about to be uploaded."""

    name = serializers.CharField(max_length=200, help_text="As it is called on the device.")
    kind = serializers.ChoiceField(choices=MediaKind.choices)
    purpose = serializers.ChoiceField(choices=MediaPurpose.choices)
    size = serializers.IntegerField(min_value=1, max_value=LARGEST, help_text="In bytes.")
    content_type = serializers.CharField(max_length=100)

    def validate_name(self, value: str) -> str:
        """The last part of a path, should one be given, without what nobody would see."""
        last = value.replace("\\", "/").rpartition("/")[2]
        return "".join(sign for sign in last if sign.isprintable()).strip() or "file"

    def validate_purpose(self, value: str) -> str:
        """Archives of a person's data are made, not uploaded."""
        if value == MediaPurpose.EXPORT:
            raise serializers.ValidationError("Nobody uploads an archive.", "invalid_choice")
        return value


@extend_schema_serializer(component_name="MediaFile")
class MediaFileSerializer(ModelSerializer):
    """A file; ``links`` are there once it has been checked."""

    links = serializers.SerializerMethodField()
    links_valid_seconds = serializers.SerializerMethodField()

    class Meta:
        model = MediaFile
        fields = [
            "id",
            "kind",
            "purpose",
            "status",
            "name",
            "content_type",
            "size",
            "width",
            "height",
            "duration_seconds",
            "sha256",
            "is_private",
            "rejection_code",
            "meta",
            "links",
            "links_valid_seconds",
            "created_at",
            "completed_at",
        ]
        read_only_fields = fields

    @extend_schema_field(LINKS)
    def get_links(self, media: MediaFile) -> dict[str, str]:
        return links_of(media, viewer=self.context["request"].user)

    @extend_schema_field(LINKS_VALID_SECONDS)
    def get_links_valid_seconds(self, media: MediaFile) -> int | None:
        return settings.MEDIA_LINK_SECONDS if media.is_private else None


class UploadTargetSerializer(Serializer):
    """The one request that brings the contents in: exactly the announced bytes."""

    method = serializers.CharField(max_length=10)
    url = serializers.CharField(max_length=4000)
    headers = serializers.DictField(child=serializers.CharField(max_length=200))
    expires_at = serializers.DateTimeField()


@extend_schema_serializer(component_name="AnnouncedMedia")
class AnnouncedMediaSerializer(MediaFileSerializer):
    """A file that was announced, and how to upload it."""

    upload = serializers.SerializerMethodField()

    class Meta(MediaFileSerializer.Meta):
        fields = [*MediaFileSerializer.Meta.fields, "upload"]
        read_only_fields = fields

    @extend_schema_field(UploadTargetSerializer)
    def get_upload(self, media: MediaFile) -> Any:
        return UploadTargetSerializer(upload_target(media)).data
