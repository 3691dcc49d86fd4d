"""Reports, as the API takes and shows them to whoever made them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.shared.serializers import ModelSerializer, Serializer
from messaging.choices import ReportReason, ReportStatus
from messaging.models import Report
from messaging.services.reportables import reportable_of

TARGETS = ("message", "product", "stream", "user", "review")
EXAMPLE_INPUT: dict[str, Any] = {
    "target_type": "product",
    "target_id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "reason": "counterfeit",
    "text": "The label is sewn on the wrong side.",
}


class ReportInputSerializer(Serializer):
    """Something that is not right, and why."""

    target_type = serializers.ChoiceField(choices=TARGETS)
    target_id = serializers.UUIDField()
    reason = serializers.ChoiceField(choices=ReportReason.choices)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ReportSerializer(ModelSerializer):
    """A report of one's own, and what became of it; the staff have no names here."""

    target_type = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=ReportStatus.choices, read_only=True)

    class Meta:
        model = Report
        fields = [
            "id",
            "target_type",
            "target_id",
            "reason",
            "text",
            "status",
            "created_at",
            "closed_at",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "string", "enum": list(TARGETS)})
    def get_target_type(self, report: Report) -> str:
        kind = reportable_of(report.target_type)
        return kind.name if kind else report.target_type
