"""Instalments, as the API takes and shows them."""

from datetime import date
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers.people import PersonSerializer
from bookings.choices import BookingStatus, ObjectionOutcome
from bookings.models import Booking, Instalment
from bookings.services.late_terms import has_open_objection, is_late, is_owed, next_late_fee
from catalog.api.serializers.developments import DevelopmentBriefSerializer
from catalog.models import ProgressPhase
from config.shared.money import written
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

PHASE = "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"
OBJECTION = {"text": "The photographs show floor 12; the phase goes to floor 20."}
ANSWER = {"answer": "Floors 13 to 20 were photographed on 20 November.", "outcome": "dismissed"}
WAIVER = {"reason": "Agreed when the kitchen was handed over late."}
EXAMPLE: dict[str, Any] = {
    "booking": {"reference": "BK-2026-000123", "status": "contracted", "unit_number": "1204"},
    "order": 3,
    "kind": "plan",
    "label": "Structure",
    "percent": "30.0000",
    "amount": "555000.00",
    "currency": "AED",
    "due_rule": "phase",
    "due_date": "2026-11-20",
    "due_at": "2026-11-20T08:30:00Z",
    "status": "due",
    "paid_amount": "0.00",
    "late_fee": "0.00",
    "outstanding": "555000.00",
    "is_owed": True,
    "is_late": False,
    "late_fee_preview": {"amount": "5550.00", "charged_on": "2026-11-26"},
    "evidence": {
        "phase": PHASE,
        "name": "Structure",
        "completed_at": "2026-11-20T08:30:00+00:00",
        "percent": "100.00",
        "files": [
            {"id": "0199c3a4-7d82-7e40-9b6c-3f4d5e6f7081", "name": "slab.jpg", "sha256": "9f86…"}
        ],
    },
    "objection": "",
    "objection_answer": "",
    "objection_outcome": "",
}
OBJECTED = {**EXAMPLE, "objection": OBJECTION["text"], "objection_is_open": True}
ANSWERED = {
    **OBJECTED,
    "objection_is_open": False,
    "objection_answer": ANSWER["answer"],
    "objection_outcome": "dismissed",
}
WAIVED = {**EXAMPLE, "status": "waived", "is_owed": False, "late_fee_preview": None}


class InstalmentBookingSerializer(ModelSerializer):
    """A booking beside what is owed for it."""

    development = DevelopmentBriefSerializer(read_only=True)
    unit_number = serializers.CharField(source="unit.number", read_only=True)
    customer = PersonSerializer(read_only=True)
    status = serializers.ChoiceField(choices=BookingStatus.choices, read_only=True)

    class Meta:
        model = Booking
        fields = ["id", "reference", "status", "development", "unit", "unit_number", "customer"]
        read_only_fields = fields


class InstalmentPhaseSerializer(ModelSerializer):
    """A phase that an instalment waits for."""

    class Meta:
        model = ProgressPhase
        fields = ["id", "name", "status", "percent"]
        read_only_fields = fields


class LateFeePreviewSerializer(Serializer):
    """What will be charged next for being late."""

    amount = serializers.DecimalField(max_digits=14, decimal_places=3)
    charged_on = serializers.DateField()


class WaiverSerializer(Serializer):
    """Who asked that an instalment need not be paid, and who agreed."""

    asked_by = PersonSerializer(source="waiver_asked_by", read_only=True)
    asked_at = serializers.DateTimeField(source="waiver_asked_at")
    reason = serializers.CharField(source="waiver_reason")
    waived_by = PersonSerializer(read_only=True, allow_null=True)
    waived_at = serializers.DateTimeField(allow_null=True)


class InstalmentSerializer(ModelSerializer):
    """A part of what is owed for a booking, as it stands at the moment of reading."""

    booking = InstalmentBookingSerializer(read_only=True)
    phase = InstalmentPhaseSerializer(read_only=True, allow_null=True)
    amount = AmountField()
    paid_amount = AmountField(help_text="What arrived and was not given back.")
    late_fee = AmountField(help_text="What has been charged for being late so far.")
    outstanding = AmountField(help_text="What is left to pay, the late fee included.")
    is_owed = serializers.SerializerMethodField(help_text="Whether it has to be paid now.")
    is_late = serializers.SerializerMethodField(
        help_text="Whether the grace is over, also where the state does not say so yet."
    )
    late_fee_preview = serializers.SerializerMethodField()
    objection_is_open = serializers.SerializerMethodField()
    objection_outcome = serializers.ChoiceField(
        choices=[("", "Not answered"), *ObjectionOutcome.choices], read_only=True
    )
    waiver = serializers.SerializerMethodField()

    class Meta:
        model = Instalment
        fields = [
            "id",
            "booking",
            "order",
            "kind",
            "label",
            "percent",
            "amount",
            "currency",
            "due_rule",
            "due_date",
            "due_at",
            "phase",
            "status",
            "paid_amount",
            "late_fee",
            "outstanding",
            "is_owed",
            "is_late",
            "late_fee_preview",
            "notice_sent_at",
            "evidence",
            "objection",
            "objected_at",
            "objection_is_open",
            "objection_answer",
            "objection_outcome",
            "objection_resolved_at",
            "overdue_at",
            "paid_at",
            "waived_at",
            "waiver",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_is_owed(self, row: Any) -> bool:
        return is_owed(row, booking=row.booking, now=row.read_at)

    def get_is_late(self, row: Any) -> bool:
        return is_late(row, booking=row.booking, now=row.read_at)

    @extend_schema_field(LateFeePreviewSerializer(allow_null=True))
    def get_late_fee_preview(self, row: Instalment) -> dict[str, Any] | None:
        """What would be charged next and on which day; null if nothing would."""
        coming: tuple[Decimal, date] | None = next_late_fee(row, booking=row.booking)
        if coming is None:
            return None
        amount, day = coming
        return {"amount": written(amount, row.currency), "charged_on": day.isoformat()}

    def get_objection_is_open(self, row: Instalment) -> bool:
        return has_open_objection(row)

    @extend_schema_field(WaiverSerializer(allow_null=True))
    def get_waiver(self, row: Instalment) -> Any:
        """The waiver that was asked for; the customer hears of it once it is given."""
        if row.waiver_asked_at is None:
            return None
        viewer = getattr(self.context.get("request"), "user", None)
        if row.waived_at is None and viewer is not None and viewer.pk == row.booking.customer_id:
            return None
        return WaiverSerializer(row, context=self.context).data


class ObjectionSerializer(Serializer):
    """Why the customer thinks that an instalment is not owed."""

    text = serializers.CharField(max_length=1000)


class ObjectionAnswerSerializer(Serializer):
    """What the builder answers, and what becomes of the objection."""

    answer = serializers.CharField(max_length=1000)
    outcome = serializers.ChoiceField(choices=ObjectionOutcome.choices)


class WaiverInputSerializer(Serializer):
    """Why an instalment need not be paid; the second person may leave it out."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
