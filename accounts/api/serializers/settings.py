"""Settings of the site, for everybody and for staff."""

from typing import Any

from rest_framework import serializers

from accounts.choices import SettingType
from accounts.services.settings import NEVER, Value
from config.shared.fields import BoundedJSONField
from config.shared.serializers import Serializer

EXAMPLE = {
    "key": "code_seconds",
    "value": 300,
    "default": 300,
    "value_type": "integer",
    "description": "How long a one-time code counts, in seconds.",
    "is_public": True,
    "updated_at": None,
}


class SettingSerializer(Serializer):
    """A setting and the value it has now."""

    key = serializers.CharField(read_only=True)
    value = serializers.JSONField(read_only=True)
    default = serializers.JSONField(
        read_only=True, help_text="What holds until somebody changes it."
    )
    value_type = serializers.ChoiceField(choices=SettingType.choices, read_only=True)
    description = serializers.CharField(read_only=True)
    is_public = serializers.BooleanField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_representation(self, instance: Value) -> dict[str, Any]:
        setting = instance.setting
        return {
            "key": setting.key,
            "value": setting.stored(instance.value),
            "default": setting.stored(setting.default_value()),
            "value_type": setting.value_type.value,
            "description": setting.description,
            "is_public": setting.is_public,
            "updated_at": None if instance.updated_at == NEVER else instance.updated_at,
        }


class SettingChangeSerializer(Serializer):
    """A new value for a setting."""

    value = BoundedJSONField(
        allow_null=True, help_text="Of the setting's type; null for its default."
    )
    reason = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True, help_text="For the audit."
    )
