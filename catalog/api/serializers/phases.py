"""Phases of construction, as the API takes and shows them."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.models import MediaFile
from catalog.api.serializers.files import AttachedFileSerializer
from catalog.models import Development, ProgressPhase
from catalog.services.sites import is_late
from config.shared.fields import VisibleRelatedField
from config.shared.serializers import ModelSerializer, Serializer

PLAN = ["name", "order", "weight", "planned_start", "planned_end", "description"]
MOST_EVIDENCE = 20
EXAMPLE_INPUT = {
    "name": "Structure",
    "order": 2,
    "weight": "40.00",
    "planned_start": "2026-03-01",
    "planned_end": "2026-12-31",
    "description": "From the raft to the roof slab, 24 floors.",
}
EXAMPLE = {
    "id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "development": "0199c3a4-6c71-7d3f-8a5b-2e3c4d5e6f70",
    **EXAMPLE_INPUT,
    "actual_start": "2026-03-09",
    "actual_end": None,
    "percent": "62.50",
    "status": "in_progress",
    "is_late": False,
    "corrected_reason": "",
    "evidence": [],
    "created_at": "2026-01-12T08:30:00Z",
    "updated_at": "2026-11-20T10:40:00Z",
}


@extend_schema_serializer(component_name="Phase")
class PhaseSerializer(ModelSerializer):
    """A stage of construction: what was planned, and how far it has come."""

    is_late = serializers.SerializerMethodField()
    evidence = AttachedFileSerializer(many=True, read_only=True)

    class Meta:
        model = ProgressPhase
        fields = [
            "id",
            "development",
            *PLAN,
            "actual_start",
            "actual_end",
            "percent",
            "status",
            "is_late",
            "corrected_reason",
            "evidence",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_is_late(self, phase: ProgressPhase) -> bool:
        """Whether it should have been completed by now; the queryset says what time it is."""
        return is_late(phase, now=phase.asked_at)  # type: ignore[attr-defined]


@extend_schema_serializer(component_name="Progress")
class ProgressSerializer(ModelSerializer):
    """How far a development has come, and by which phases."""

    development = serializers.UUIDField(source="pk", read_only=True)
    percent_built = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        read_only=True,
        help_text="The weighted mean over all phases, also those that have not begun.",
    )
    phases = PhaseSerializer(many=True, read_only=True)

    class Meta:
        model = Development
        fields = ["development", "percent_built", "phases"]
        read_only_fields = fields


@extend_schema_serializer(component_name="PhaseInput")
class PhaseInputSerializer(ModelSerializer):
    """What is planned of a phase."""

    class Meta:
        model = ProgressPhase
        fields = PLAN

    def given(self) -> dict[str, Any]:
        """The development that the path names, in which names are unique."""
        development = self.context.get("development")
        return {} if development is None else {"development": development}


@extend_schema_serializer(component_name="PhaseUpdate")
class PhaseUpdateSerializer(PhaseInputSerializer):
    """Changes of what is planned; another weight takes a reason once work has begun."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)

    class Meta(PhaseInputSerializer.Meta):
        fields = [*PLAN, "reason"]


class MeasuredSerializer(Serializer):
    """How far a phase has come; less than before takes a reason, which everybody reads."""

    percent = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=100)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class PhaseStartSerializer(Serializer):
    """When work began; today when it is left out."""

    actual_start = serializers.DateField(required=False, allow_null=True)


class PhaseReasonSerializer(Serializer):
    """Why work stops or takes longer."""

    reason = serializers.CharField(max_length=500)


class PhaseResumeSerializer(Serializer):
    """Why work goes on."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class PhaseCompletionSerializer(Serializer):
    """What shows that a phase is done, and since when; today when that is left out."""

    evidence = VisibleRelatedField(
        queryset=MediaFile, many=True, max_length=MOST_EVIDENCE, allow_empty=False
    )
    actual_end = serializers.DateField(required=False, allow_null=True)


class PhaseReopeningSerializer(Serializer):
    """How far a phase has really come, and why it was not done; everybody reads that."""

    reason = serializers.CharField(max_length=500)
    percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=Decimal("99.99")
    )
