"""Change requests, as the API takes and shows them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.api.serializers.people import PersonSerializer
from accounts.models import MediaFile
from bookings.api.serializers.appointments import (
    VisitedDevelopmentSerializer,
    VisitedUnitSerializer,
)
from bookings.choices import BookingStatus, ChangeCategory, InstalmentStatus
from bookings.models import Booking, ChangeRequest, Instalment
from catalog.models import ProgressPhase
from config.shared.fields import VisibleRelatedField
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

MOST_FILES = 20
LONGEST_TEXT = 4000
EXAMPLE: dict[str, Any] = {
    "reference": "CR-2026-000042",
    "category": "kitchen",
    "description": "Please move the sink to the island.",
    "status": "submitted",
    "quoted_price": None,
    "currency": "AED",
    "extra_days": None,
    "quote_valid_until": None,
    "decision_note": "",
    "instalment": None,
}
QUOTED: dict[str, Any] = {
    **EXAMPLE,
    "status": "quoted",
    "quoted_price": "4500.00",
    "extra_days": 7,
    "quote_valid_until": "2026-12-12T09:00:00Z",
}


class ChangedBookingSerializer(ModelSerializer):
    """The booking whose unit is to be changed."""

    status = serializers.ChoiceField(choices=BookingStatus.choices, read_only=True)

    class Meta:
        model = Booking
        fields = ["id", "reference", "status"]
        read_only_fields = fields


class CutoffPhaseSerializer(ModelSerializer):
    """The phase of construction that a change must precede."""

    class Meta:
        model = ProgressPhase
        fields = ["id", "name", "status", "planned_start"]
        read_only_fields = fields


class ChangeInstalmentSerializer(ModelSerializer):
    """What an approved change costs, as an instalment of the booking."""

    status = serializers.ChoiceField(choices=InstalmentStatus.choices, read_only=True)
    amount = AmountField()

    class Meta:
        model = Instalment
        fields = ["id", "order", "status", "amount", "currency", "due_date"]
        read_only_fields = fields


class ChangeFileSerializer(ModelSerializer):
    """A picture or a document of the wish; its links are under `media/`."""

    class Meta:
        model = MediaFile
        fields = ["id", "kind", "name", "content_type", "size"]
        read_only_fields = fields


class ChangeRequestSerializer(ModelSerializer):
    """A wish to have a unit built differently."""

    booking = ChangedBookingSerializer(read_only=True)
    development = VisitedDevelopmentSerializer(source="booking.development", read_only=True)
    unit = VisitedUnitSerializer(read_only=True)
    customer = PersonSerializer(read_only=True)
    decided_by = PersonSerializer(read_only=True, allow_null=True)
    media = ChangeFileSerializer(many=True, read_only=True)
    quoted_price = AmountField(allow_null=True)
    cutoff_phase = CutoffPhaseSerializer(read_only=True, allow_null=True)
    instalment = ChangeInstalmentSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ChangeRequest
        fields = [
            "id",
            "reference",
            "status",
            "booking",
            "development",
            "unit",
            "customer",
            "category",
            "description",
            "media",
            "quoted_price",
            "currency",
            "extra_days",
            "quote_valid_until",
            "cutoff_phase",
            "decision_note",
            "decided_by",
            "decided_at",
            "instalment",
            "submitted_at",
            "completed_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class ChangeUpdateSerializer(Serializer):
    """What is said of a draft."""

    category = serializers.ChoiceField(choices=ChangeCategory.choices)
    description = serializers.CharField(max_length=LONGEST_TEXT)
    cutoff_phase = VisibleRelatedField(queryset=ProgressPhase, required=False, allow_null=True)
    media = VisibleRelatedField(
        queryset=MediaFile,
        many=True,
        required=False,
        max_length=MOST_FILES,
        help_text="Your files with the purpose `change_request`.",
    )


class ChangeDraftSerializer(ChangeUpdateSerializer):
    """A draft for a booking of the caller's."""

    booking = VisibleRelatedField(queryset=Booking)


class ChangeReviewSerializer(Serializer):
    """The phase that the change must precede, if the builder settles that."""

    cutoff_phase = VisibleRelatedField(queryset=ProgressPhase, required=False, allow_null=True)


class ChangeQuoteSerializer(Serializer):
    """What the change costs, in the currency of the booking, and how long the quote holds."""

    price = serializers.DecimalField(max_digits=14, decimal_places=3, min_value=Decimal(0))
    extra_days = serializers.IntegerField(min_value=0, max_value=3650)
    valid_days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    valid_until = serializers.DateTimeField(required=False)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "valid_days" in attrs and "valid_until" in attrs:
            message = "Say either for how many days it holds or until when."
            raise serializers.ValidationError({"valid_until": message}, "either_or")
        return attrs


class ChangeRefusalSerializer(Serializer):
    """Why it cannot be done; the customer reads it."""

    reason = serializers.CharField(max_length=1000)


class ChangeNoteSerializer(Serializer):
    """A note on the decision; the builder reads it."""

    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)
