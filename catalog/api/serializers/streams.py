"""Streams, as the API takes and shows them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api.pictures import address_for
from accounts.api.serializers.buildings import BuildingBriefSerializer
from accounts.api.serializers.people import PersonSerializer
from accounts.models import Building, MediaFile, User
from catalog.api.serializers.developments import DevelopmentBriefSerializer
from catalog.api.serializers.files import AttachedFileSerializer
from catalog.choices import StreamStatus
from catalog.models import Development, Stream, StreamKey
from catalog.services.stream_pins import MOST_PINS
from catalog.services.stream_playback import hls_url_of, rtmp_url_of
from catalog.services.stream_times import has_picture
from catalog.services.streams import WRITABLE_FIELDS
from config.shared.fields import VisibleRelatedField
from config.shared.serializers import ModelSerializer, Serializer

PRODUCT_TAGS: dict[str, Any] = {
    "type": "array",
    "maxItems": MOST_PINS,
    "items": {
        "type": "object",
        "required": ["listing", "x", "y", "at"],
        "properties": {
            "listing": {"type": "string", "format": "uuid"},
            "x": {"type": "number", "minimum": 0, "maximum": 1},
            "y": {"type": "number", "minimum": 0, "maximum": 1},
            "at": {"type": "integer", "minimum": 0},
        },
    },
}


class StreamSerializer(ModelSerializer):
    """A show: who gives it, when, for whom, where to watch it, and what is sold in it."""

    user = PersonSerializer(read_only=True)
    building = BuildingBriefSerializer(read_only=True, allow_null=True)
    development = DevelopmentBriefSerializer(read_only=True, allow_null=True)
    status = serializers.ChoiceField(
        source="live_status",
        choices=StreamStatus.choices,
        read_only=True,
        help_text="The state now: a show whose picture has been away for too long has ended.",
    )
    rtmp_url = serializers.SerializerMethodField(
        help_text="Where its owner publishes to, with `?key=` and the key; null for others."
    )
    key_hint = serializers.SerializerMethodField(
        help_text="The end of the key, for its owner; empty where there is none."
    )
    hls_url = serializers.SerializerMethodField(
        help_text="The playlist. That of a private show is for the caller alone, for some hours."
    )
    thumbnail_url = serializers.SerializerMethodField()
    recording = AttachedFileSerializer(read_only=True, allow_null=True)
    product_tags = serializers.SerializerMethodField()
    has_picture = serializers.SerializerMethodField(
        help_text="Whether a picture is coming at this moment."
    )
    viewer_count = serializers.IntegerField(
        source="viewers_now", read_only=True, help_text="How many are watching now."
    )
    end_reason = serializers.SerializerMethodField(help_text="Why it ended, for its owner.")

    class Meta:
        model = Stream
        fields = [
            "id",
            "user",
            *WRITABLE_FIELDS,
            "status",
            "rtmp_url",
            "key_hint",
            "hls_url",
            "thumbnail_url",
            "recording",
            "product_tags",
            "has_picture",
            "viewer_count",
            "total_views",
            "duration_seconds",
            "started_at",
            "ended_at",
            "end_reason",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_rtmp_url(self, stream: Stream) -> str | None:
        return rtmp_url_of(stream) if self._is_own(stream) else None

    def get_key_hint(self, stream: Stream) -> str:
        return stream.key_hint if self._is_own(stream) else ""

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_hls_url(self, stream: Any) -> str | None:
        if stream.live_status == StreamStatus.ENDED:
            return None
        return hls_url_of(stream, viewer=self._viewer())

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_thumbnail_url(self, stream: Stream) -> str | None:
        if stream.thumbnail is None:
            return None
        return address_for(stream.thumbnail, viewer=self.context["request"].user, rendition="800")

    @extend_schema_field(PRODUCT_TAGS)
    def get_product_tags(self, stream: Any) -> list[dict[str, Any]]:
        return [
            {"listing": str(pin.product_id), "x": pin.x, "y": pin.y, "at": pin.shown_at}
            for pin in stream.shown_pins
            if pin.product_id is not None
        ]

    def get_has_picture(self, stream: Stream) -> bool:
        return has_picture(stream, now=timezone.now())

    def get_end_reason(self, stream: Stream) -> str:
        return stream.end_reason if self._is_own(stream) else ""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Without the building where its owner lives, but for them and those who live there."""
        shown: dict[str, Any] = super().to_representation(instance)
        is_for_them = instance.is_neighbour or self._is_own(instance)
        return shown if is_for_them else shown | {"building": None}

    def _viewer(self) -> User | None:
        user = self.context["request"].user
        return user if user.is_authenticated else None

    def _is_own(self, stream: Stream) -> bool:
        return stream.user_id == self.context["request"].user.pk


class StreamWithKeySerializer(StreamSerializer):
    """A show with the key to publish it: this is the only time that the key is shown."""

    stream_key = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="Null where the permanent key is used, which was shown when it was made.",
    )

    class Meta(StreamSerializer.Meta):
        fields = [*StreamSerializer.Meta.fields, "stream_key"]
        read_only_fields = fields


class StreamInputSerializer(ModelSerializer):
    """What is said of a show, and who may watch it."""

    building = VisibleRelatedField(queryset=Building, required=False, allow_null=True)
    development = VisibleRelatedField(queryset=Development, required=False, allow_null=True)
    thumbnail = VisibleRelatedField(queryset=MediaFile, required=False, allow_null=True)

    class Meta:
        model = Stream
        fields = [*WRITABLE_FIELDS, "thumbnail"]


@extend_schema_serializer(component_name="StreamEnd")
class StreamEndSerializer(Serializer):
    """Why a show is ended or called off; moderators have to say."""

    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


@extend_schema_serializer(component_name="StreamRecording")
class RecordingSerializer(Serializer):
    """The film of a show that is over."""

    recording = VisibleRelatedField(queryset=MediaFile)


@extend_schema_serializer(component_name="StreamAudience")
class AudienceSerializer(Serializer):
    """How many are watching now, and how many have watched at all."""

    viewer_count = serializers.IntegerField(read_only=True)
    total_views = serializers.IntegerField(read_only=True)


@extend_schema_serializer(component_name="PermanentStreamKey")
class PermanentKeySerializer(ModelSerializer):
    """A key that stays the same for each of one's shows."""

    rtmp_url = serializers.SerializerMethodField(
        help_text="Where to publish to with it, with `?key=` and the key; null without live video."
    )

    class Meta:
        model = StreamKey
        fields = ["rtmp_url", "key_hint", "rotated_at"]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_rtmp_url(self, kept: StreamKey) -> str | None:
        return rtmp_url_of(Stream(user_id=kept.user_id, uses_permanent_key=True))


@extend_schema_serializer(component_name="NewPermanentStreamKey")
class NewPermanentKeySerializer(PermanentKeySerializer):
    """A permanent key, at the only time that it is shown."""

    stream_key = serializers.CharField(read_only=True)

    class Meta(PermanentKeySerializer.Meta):
        fields = [*PermanentKeySerializer.Meta.fields, "stream_key"]
        read_only_fields = fields


@extend_schema_serializer(component_name="MediaServerQuestion")
class QuestionSerializer(Serializer):
    """What a media server asks: nginx in the fields from `call`, MediaMTX from `action` on."""

    call = serializers.CharField(max_length=40, required=False, allow_blank=True)
    app = serializers.CharField(max_length=200, required=False, allow_blank=True)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    addr = serializers.CharField(max_length=200, required=False, allow_blank=True)
    clientid = serializers.CharField(max_length=200, required=False, allow_blank=True)
    key = serializers.CharField(max_length=200, required=False, allow_blank=True)
    action = serializers.CharField(max_length=40, required=False, allow_blank=True)
    path = serializers.CharField(max_length=200, required=False, allow_blank=True)
    query = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    protocol = serializers.CharField(max_length=40, required=False, allow_blank=True)
    ip = serializers.CharField(max_length=200, required=False, allow_blank=True)
