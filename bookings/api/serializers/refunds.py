"""Refunds, as the API takes and shows them."""

from rest_framework import serializers

from accounts.api.serializers.people import PersonSerializer
from bookings.api.serializers.payments import AmountInput
from bookings.choices import RefundReason
from bookings.models import Payment, Refund
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

# The others are the platform's own.
GIVEN_REASONS = [
    choice
    for choice in RefundReason.choices
    if choice[0] in {RefundReason.GOODWILL, RefundReason.MISTAKE, RefundReason.CANCELLATION}
]


class RefundedPaymentSerializer(ModelSerializer):
    """The payment that a refund belongs to."""

    class Meta:
        model = Payment
        fields = ["id", "reference", "gateway"]
        read_only_fields = fields


class RefundSerializer(ModelSerializer):
    """Money that is given back, and where that stands."""

    payment = RefundedPaymentSerializer(read_only=True)
    amount = AmountField()
    platform_fee = AmountField(help_text="The part of the platform's fee that goes back.")
    requested_by = PersonSerializer(read_only=True, allow_null=True)
    approved_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Refund
        fields = [
            "id",
            "reference",
            "payment",
            "amount",
            "currency",
            "platform_fee",
            "reason",
            "note",
            "status",
            "needs_second_person",
            "requested_by",
            "approved_by",
            "failure_code",
            "attempts",
            "decided_at",
            "completed_at",
            "created_at",
        ]
        read_only_fields = fields


class RefundInputSerializer(Serializer):
    """How much is to be given back, and why."""

    amount = AmountInput()
    reason = serializers.ChoiceField(choices=GIVEN_REASONS)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class RefundNoteSerializer(Serializer):
    """A note that goes with a decision."""

    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
