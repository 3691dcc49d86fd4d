"""Signed-in devices."""

from rest_framework import serializers

from accounts.credentials.models import Session
from config.shared.serializers import ModelSerializer

EXAMPLE = {
    "id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "device_label": "Firefox on Windows",
    "ip_prefix": "192.0.2.0/24",
    "is_current": True,
    "created_at": "2026-11-21T08:00:00Z",
    "authenticated_at": "2026-11-21T08:00:00Z",
    "last_used_at": "2026-11-21T08:40:00Z",
    "expires_at": "2026-12-21T08:40:00Z",
}


class SessionResponse(ModelSerializer):
    """A device that is signed in, and the neighbourhood of the network it was signed in from."""

    is_current = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = [
            "id",
            "device_label",
            "ip_prefix",
            "is_current",
            "created_at",
            "authenticated_at",
            "last_used_at",
            "expires_at",
        ]
        read_only_fields = fields

    def get_is_current(self, session: Session) -> bool:
        return bool(session.pk == getattr(self.context["request"].auth, "sid", None))
