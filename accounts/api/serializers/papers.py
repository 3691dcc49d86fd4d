"""Contractor papers, as the API takes and shows them."""

from typing import Any

from rest_framework import serializers

from accounts.choices import PaperKind
from accounts.models import ContractorPaper, MediaFile, Organization
from config.shared.fields import VisibleRelatedField
from config.shared.serializers import ModelSerializer, Serializer

EXAMPLE_INPUT = {
    "kind": "insurance",
    "number": "POL-2026-118",
    "issuer": "Gulf Insurance",
    "valid_until": "2027-06-30",
}


class PaperSerializer(ModelSerializer):
    """A licence or an insurance; its number is shown by its last four characters."""

    number_hint = serializers.SerializerMethodField()
    user_id = serializers.UUIDField(read_only=True, allow_null=True)
    organization_id = serializers.UUIDField(read_only=True, allow_null=True)
    document = serializers.UUIDField(source="document_id", read_only=True, allow_null=True)

    class Meta:
        model = ContractorPaper
        fields = [
            "id",
            "kind",
            "user_id",
            "organization_id",
            "number_hint",
            "issuer",
            "document",
            "valid_until",
            "replaced_at",
            "created_at",
        ]
        read_only_fields = fields

    def get_number_hint(self, paper: ContractorPaper) -> str:
        return f"…{paper.number[-4:]}" if paper.number else ""


class PaperReplacementSerializer(Serializer):
    """What a new paper says."""

    number = serializers.CharField(max_length=80, required=False, allow_blank=True)
    issuer = serializers.CharField(max_length=160, required=False, allow_blank=True)
    document = VisibleRelatedField(queryset=MediaFile, required=False, allow_null=True)
    valid_until = serializers.DateField(help_text="The last day on which it counts.")


class PaperInputSerializer(PaperReplacementSerializer):
    """A paper of the caller, or of an organization that they lead."""

    kind = serializers.ChoiceField(choices=PaperKind.choices)
    organization = VisibleRelatedField(queryset=Organization, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Whoever the paper belongs to: the organization, else the caller."""
        attrs["holder"] = attrs.pop("organization", None) or self.context["request"].user
        return attrs
