"""Messages, as the API takes and shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers.media import LINKS
from accounts.api.serializers.people import PersonSerializer
from accounts.models import MediaFile
from accounts.services.media_links import links_of
from config.shared.fields import VisibleRelatedField
from config.shared.serializers import ModelSerializer, Serializer
from messaging.choices import MessageType
from messaging.models import Message

MOST_IMAGES = 10
MOST_CHARACTERS = 4000


class SentPictureSerializer(ModelSerializer):
    """A picture in a message; its links are the caller's alone and work for minutes."""

    links = serializers.SerializerMethodField()

    class Meta:
        model = MediaFile
        fields = ["id", "width", "height", "links"]
        read_only_fields = fields

    @extend_schema_field(LINKS)
    def get_links(self, media: MediaFile) -> dict[str, str]:
        return links_of(media, viewer=self.context["request"].user)


class MessageSerializer(ModelSerializer):
    """Something that was said. A deleted message keeps its place and says nothing."""

    sender = PersonSerializer(read_only=True, allow_null=True, help_text="Null: Courtyard itself.")
    images = SentPictureSerializer(many=True, read_only=True)
    image_urls = serializers.SerializerMethodField(help_text="The pictures, as large as they are.")
    offer = serializers.UUIDField(source="offer_id", read_only=True, allow_null=True)
    client_id = serializers.SerializerMethodField(help_text="The sender's; others see none.")
    flags = serializers.SerializerMethodField(
        help_text="What both are warned of: contact_phone, contact_email, contact_link or "
        "contact_handle, before there is a deal."
    )
    code = serializers.SerializerMethodField(
        help_text="What Courtyard says, for clients that say it in their own language."
    )
    is_read = serializers.BooleanField(
        read_only=True, help_text="Whether somebody has read it to whom it was said."
    )
    read_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Message
        fields = [
            "id",
            "conversation",
            "seq",
            "sender",
            "message_type",
            "content",
            "images",
            "image_urls",
            "offer",
            "offer_data",
            "client_id",
            "flags",
            "code",
            "is_read",
            "read_at",
            "edited_at",
            "deleted_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_image_urls(self, message: Message) -> list[str]:
        viewer = self.context["request"].user
        links = (links_of(media, viewer=viewer) for media in message.images.all())
        return [list(found.values())[-1] for found in links if found]

    def get_client_id(self, message: Message) -> str:
        viewer = self.context["request"].user
        return message.client_id if message.sender_id == viewer.pk else ""

    def get_flags(self, message: Message) -> list[str]:
        return [] if message.message_type == MessageType.SYSTEM else message.flags

    def get_code(self, message: Message) -> str:
        is_system = message.message_type == MessageType.SYSTEM
        return "".join(message.flags[:1]) if is_system else ""


class SendSerializer(Serializer):
    """A text, pictures, or both."""

    content = serializers.CharField(
        max_length=MOST_CHARACTERS, required=False, allow_blank=True, default=""
    )
    images = VisibleRelatedField(
        queryset=MediaFile,
        many=True,
        max_length=MOST_IMAGES,
        required=False,
        help_text="Pictures that you uploaded for a message (purpose `message`).",
    )
    client_id = serializers.CharField(
        max_length=80,
        required=False,
        allow_blank=True,
        default="",
        help_text="A name of the client's own choice: the same again is the same message.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("content", "").strip() and not attrs.get("images"):
            raise serializers.ValidationError(
                {"content": serializers.ErrorDetail("Say something, or send a picture.", "blank")}
            )
        return attrs


class EditSerializer(Serializer):
    """What a message says instead."""

    content = serializers.CharField(max_length=MOST_CHARACTERS, allow_blank=True)
