"""Passkeys: what browsers are asked, what they answer, and what is kept."""

from typing import Any

from rest_framework import serializers

from accounts.api.serializers.codes import CHALLENGE
from accounts.credentials.models import Passkey
from config.shared.fields import BoundedJSONField
from config.shared.safe_json import JSONBounds
from config.shared.serializers import ModelSerializer, Serializer

LARGEST_ANSWER = 16 * 1024
LONGEST_NAME = 80
_CLIENT_DATA = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiNTZfdyJ9"
_ID = "AIHQcPqxUiT3jLkA2mZm0Q"
EXAMPLE = {
    "id": CHALLENGE,
    "name": "Phone",
    "transports": ["hybrid", "internal"],
    "created_at": "2026-11-21T08:00:00Z",
    "last_used_at": None,
}
REGISTRATION_OPTIONS_EXAMPLE = {
    "challenge_id": CHALLENGE,
    "public_key": {
        "rp": {"id": "courtyard.example", "name": "Courtyard"},
        "user": {"id": "AZnDpFtgfC6fSh0rPE1ebw", "name": "+971501234567", "displayName": "Priya"},
        "challenge": "56_w",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    },
    "expires_in": 300,
}
SIGN_IN_OPTIONS_EXAMPLE = {
    "challenge_id": CHALLENGE,
    "public_key": {
        "rpId": "courtyard.example",
        "challenge": "56_w",
        "allowCredentials": [],
        "userVerification": "required",
    },
    "expires_in": 300,
}
REGISTRATION_EXAMPLE = {
    "challenge_id": CHALLENGE,
    "name": "Phone",
    "credential": {
        "id": _ID,
        "rawId": _ID,
        "type": "public-key",
        "response": {"clientDataJSON": _CLIENT_DATA, "attestationObject": "o2NmbXRkbm9uZQ"},
    },
}
SIGN_IN_EXAMPLE = {
    "challenge_id": CHALLENGE,
    "credential": {
        "id": _ID,
        "rawId": _ID,
        "type": "public-key",
        "response": {
            "clientDataJSON": _CLIENT_DATA,
            "authenticatorData": "SZYN5YgOjGh0NBcPZHZgW4",
            "signature": "MEUCIQDx",
            "userHandle": "AZnDpFtgfC6fSh0rPE1ebw",
        },
    },
}


class CredentialField(BoundedJSONField):
    """What ``navigator.credentials`` gave, as its ``toJSON()`` writes it."""

    def __init__(self, **kwargs: Any) -> None:
        bounds = JSONBounds(
            max_bytes=LARGEST_ANSWER,
            max_keys=100,
            schema={
                "type": "object",
                "required": ["id", "rawId", "type", "response"],
                "properties": {
                    "id": {"type": "string", "maxLength": 1400},
                    "rawId": {"type": "string", "maxLength": 1400},
                    "type": {"const": "public-key"},
                    "response": {"type": "object"},
                },
            },
        )
        super().__init__(bounds=bounds, **kwargs)


class PasskeyResponse(ModelSerializer):
    """A passkey of yours; what it signs with stays on your device."""

    class Meta:
        model = Passkey
        fields = ["id", "name", "transports", "created_at", "last_used_at"]
        read_only_fields = fields


class PasskeyName(Serializer):
    """A name by which you recognise the device."""

    name = serializers.CharField(max_length=LONGEST_NAME)


class PasskeyOptions(Serializer):
    """What to hand to ``navigator.credentials``, and the challenge to name in the answer."""

    challenge_id = serializers.UUIDField(read_only=True)
    public_key = serializers.JSONField(read_only=True)
    expires_in = serializers.IntegerField(read_only=True)


class PasskeyRegistration(Serializer):
    """A passkey that a browser made."""

    challenge_id = serializers.UUIDField()
    credential = CredentialField()
    name = serializers.CharField(
        max_length=LONGEST_NAME, required=False, default="", allow_blank=True
    )


class PasskeyAnswer(Serializer):
    """What a passkey signed."""

    challenge_id = serializers.UUIDField()
    credential = CredentialField()
