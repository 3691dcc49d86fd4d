"""Taking one's data away, resting, and being forgotten."""

from typing import Any

from rest_framework import serializers

from accounts.api.serializers.profiles import WholeSerializer
from config.shared.serializers import Serializer

EXPORT_EXAMPLE = {
    "format": "courtyard-export/1",
    "generated_at": "2026-11-21T08:00:00Z",
    "user_id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "data": {"accounts.account": {"full_name": "Priya Nair"}},
}
ARCHIVE_EXAMPLE = {
    "state": "ready",
    "requested_at": "2026-11-21T08:00:00Z",
    "ready_at": "2026-11-21T08:00:07Z",
    "expires_at": "2026-11-23T08:00:07Z",
    "size": 183204,
    "url": "https://courtyard.example/api/v1/media/0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f/file/"
    "?rendition=whole&token=WyIwMTk5",
}
OUTLOOK_EXAMPLE = {"possible": True, "reasons": [], "grace_days": 14}
ERASURE_EXAMPLE = {"status": "scheduled", "due_at": "2026-12-05T08:00:00Z"}


class ExportSerializer(WholeSerializer):
    """Everything that is kept about a person, by the part of Courtyard that keeps it."""


class ArchiveSerializer(Serializer):
    """An archive of everything about a person, with their files."""

    state = serializers.ChoiceField(choices=["none", "preparing", "ready"], read_only=True)
    requested_at = serializers.DateTimeField(read_only=True, allow_null=True)
    ready_at = serializers.DateTimeField(read_only=True, allow_null=True)
    expires_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When the archive is deleted."
    )
    size = serializers.IntegerField(read_only=True, allow_null=True, help_text="In bytes.")
    url = serializers.URLField(
        read_only=True, allow_null=True, help_text="Works for some minutes; ask again for another."
    )


class ObstacleSerializer(Serializer):
    """Something that has to be settled before an account can be erased."""

    code = serializers.CharField(read_only=True)
    detail = serializers.CharField(read_only=True)
    organization = serializers.UUIDField(read_only=True, required=False)
    name = serializers.CharField(read_only=True, required=False)


class OutlookSerializer(Serializer):
    """Whether the account could be erased now, and what would happen."""

    possible = serializers.BooleanField(read_only=True)
    reasons = ObstacleSerializer(many=True, read_only=True)
    grace_days = serializers.IntegerField(
        read_only=True, help_text="For how many days a code would still bring the account back."
    )


class ErasureSerializer(Serializer):
    """An account that will be erased."""

    status = serializers.CharField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {"status": str(instance.status), "due_at": instance.due_at}
