"""Browsers that take notifications, as the API takes and shows them."""

import base64
import binascii
import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from rest_framework import serializers

from config.shared.serializers import ModelSerializer, Serializer
from messaging.models import PushSubscription

POINT_BYTES = 65
SECRET_BYTES = 16
UNCOMPRESSED = b"\x04"


class KeyField(serializers.CharField):
    """So many bytes in base64url, as ``PushSubscription.toJSON()`` writes them."""

    default_error_messages = {"invalid_key": "Not a key of a browser."}

    def __init__(self, *, size: int, **kwargs: Any) -> None:
        self.size = size
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data).rstrip("=")
        try:
            padded = text + "=" * (-len(text) % 4)
            found = base64.b64decode(padded, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            self.fail("invalid_key")
        if len(found) != self.size or (self.size == POINT_BYTES and found[:1] != UNCOMPRESSED):
            self.fail("invalid_key")
        return text


class PushKeysSerializer(Serializer):
    """The browser's keys: what is sent can be read by it alone."""

    p256dh = KeyField(size=POINT_BYTES, max_length=200)
    auth = KeyField(size=SECRET_BYTES, max_length=100)


class SubscribeSerializer(Serializer):
    """What the browser's ``pushManager.subscribe()`` gave, and a name for it."""

    endpoint = serializers.URLField(
        max_length=1000, help_text="The address of its push service: https, in the open internet."
    )
    keys = PushKeysSerializer()
    device = serializers.CharField(max_length=200, required=False, allow_blank=True)

    def validate_endpoint(self, value: str) -> str:
        if not _is_public(value):
            raise serializers.ValidationError(
                "Push services stand in the open internet and speak https.", "endpoint_refused"
            )
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {**attrs.pop("keys"), **attrs}


class PushSubscriptionSerializer(ModelSerializer):
    """A browser of the caller; its address and its keys are shown to nobody."""

    class Meta:
        model = PushSubscription
        fields = ["id", "device", "last_used_at", "created_at", "updated_at"]
        read_only_fields = fields


class PushKeySerializer(Serializer):
    """What browsers subscribe with."""

    key = serializers.CharField(help_text="Give it to `subscribe` as `applicationServerKey`.")


def _is_public(address: str) -> bool:
    """Whether an address looks like one of a push service; where it leads is asked when sending."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if settings.WEB_PUSH_LOOPBACK:
        return True
    if parts.scheme != "https" or parts.username is not None or "." not in host.strip("."):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True
