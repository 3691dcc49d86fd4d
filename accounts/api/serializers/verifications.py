"""Verifications, as the API takes and shows them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers.people import PersonSerializer
from accounts.choices import VerificationType
from accounts.models import MediaFile, Verification
from accounts.services.media_links import links_of
from config.shared.fields import VisibleRelatedField
from config.shared.serializers import ModelSerializer, Serializer

EXAMPLE_INPUT = {
    "verification_type": "emirates_id",
    "emirates_id_number": "784-1990-1234567-1",
    "emirates_id_front": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "emirates_id_back": "0199c3a4-6c71-7d3f-8a5b-2e3c4d5e6f70",
}
LONGEST_NUMBER = 60


class VerificationSerializer(ModelSerializer):
    """The state of a verification and the reason for it; never the papers."""

    user = PersonSerializer(read_only=True)

    class Meta:
        model = Verification
        fields = [
            "id",
            "user",
            "verification_type",
            "status",
            "emirates_id_last4",
            "trade_license_last4",
            "license_valid_until",
            "submitted_at",
            "reviewed_at",
            "rejection_reason",
            "attempts",
            "purged_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class VerificationInputSerializer(Serializer):
    """Papers: the type says which of them are needed, others are left out."""

    verification_type = serializers.ChoiceField(choices=VerificationType.choices)
    emirates_id_number = serializers.CharField(max_length=LONGEST_NUMBER, required=False)
    emirates_id_front = VisibleRelatedField(queryset=MediaFile, required=False)
    emirates_id_back = VisibleRelatedField(queryset=MediaFile, required=False)
    trade_license_number = serializers.CharField(max_length=LONGEST_NUMBER, required=False)
    trade_license_document = VisibleRelatedField(queryset=MediaFile, required=False)
    license_valid_until = serializers.DateField(required=False)


class OpenedFileSerializer(Serializer):
    """A file of a verification, by links that are the reviewer's own and expire."""

    id = serializers.UUIDField(source="pk")
    name = serializers.CharField()
    content_type = serializers.CharField()
    links = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_links(self, file: MediaFile) -> dict[str, str]:
        return links_of(file, viewer=self.context["request"].user)


class OpenedPapersSerializer(Serializer):
    """What a reviewer is shown of papers: numbers in clear, and links to the files."""

    emirates_id_number = serializers.CharField()
    trade_license_number = serializers.CharField()
    files = OpenedFileSerializer(many=True)
