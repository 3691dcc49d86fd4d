"""Notifications, as the API takes and shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.shared.serializers import ModelSerializer, Serializer
from messaging.choices import NotificationCategory
from messaging.models import Notification
from messaging.services.notification_reading import MOST_COUNTED
from messaging.services.wording import body_of, title_of


class NotificationSerializer(ModelSerializer):
    """Something that the caller was told, in the caller's language."""

    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField(help_text="One sentence; empty for old kinds.")
    data = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text="The values that the text shows."
    )
    is_read = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = [
            "id",
            "type",
            "category",
            "priority",
            "title",
            "body",
            "data",
            "link",
            "is_read",
            "read_at",
            "created_at",
        ]
        read_only_fields = fields

    def get_title(self, notification: Notification) -> str:
        return title_of(notification, locale=self._locale)

    def get_body(self, notification: Notification) -> str:
        return body_of(notification, locale=self._locale)

    @extend_schema_field(
        {"type": "object", "additionalProperties": {"type": ["string", "boolean"]}}
    )
    def get_data(self, notification: Notification) -> dict[str, Any]:
        return dict(notification.data)

    def get_is_read(self, notification: Notification) -> bool:
        return notification.read_at is not None

    @property
    def _locale(self) -> str:
        return str(self.context["request"].user.locale)


class ReadStateSerializer(Serializer):
    """Whether it counts as read."""

    is_read = serializers.BooleanField(default=True)


class UnreadOfCategorySerializer(Serializer):
    """How many of one category."""

    category = serializers.ChoiceField(choices=NotificationCategory.choices)
    count = serializers.IntegerField()


class UnreadNotificationsSerializer(Serializer):
    """What was not read yet."""

    count = serializers.IntegerField(help_text=f"Counting stops at {MOST_COUNTED:,}.")
    by_category = UnreadOfCategorySerializer(many=True, help_text="Those that have any.")
