"""Contracts, cancellations, transfers and handovers, as the API takes and shows them."""

from rest_framework import serializers

from accounts.api.serializers.people import PersonSerializer
from accounts.models import MediaFile, User
from bookings.models import CancellationRequest, TransferRequest
from bookings.services.open_requests import BINDING
from config.shared.fields import VisibleRelatedField
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

REASON = 500


class ContractSerializer(Serializer):
    """The signed paper: a document that the caller uploaded as `contract`."""

    document = VisibleRelatedField(queryset=MediaFile)


class HandoverSerializer(Serializer):
    """What the signing side confirms, such as defects that are still to be mended."""

    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class TransferInputSerializer(Serializer):
    """To whom a booking should pass, and why."""

    to_customer = VisibleRelatedField(queryset=User)
    reason = serializers.CharField(max_length=REASON, required=False, allow_blank=True)


class DecisionSerializer(Serializer):
    """A note on an approval, which the customer reads."""

    note = serializers.CharField(max_length=REASON, required=False, allow_blank=True)


class RejectionSerializer(Serializer):
    """Why something is turned down; the customer reads it."""

    reason = serializers.CharField(max_length=REASON)


class CancellationTermsSerializer(Serializer):
    """What would be kept and given back if the booking were cancelled now."""

    stage = serializers.ChoiceField(
        choices=[(status.value, status.label) for status in BINDING], read_only=True
    )
    currency = serializers.CharField(read_only=True)
    paid_amount = AmountField()
    kept_percent = serializers.DecimalField(max_digits=5, decimal_places=2, read_only=True)
    kept_of = serializers.ChoiceField(
        choices=[("price", "Of the price"), ("paid", "Of what was paid")], read_only=True
    )
    kept_amount = AmountField()
    refund_amount = AmountField()
    needs_second_person = serializers.BooleanField(
        read_only=True, help_text="Whether two people have to approve the refund."
    )


class CancellationSerializer(ModelSerializer):
    """A wish to leave a booking, and what comes of it."""

    asked_by = PersonSerializer(read_only=True)
    approved_by = PersonSerializer(read_only=True, allow_null=True)
    second_approved_by = PersonSerializer(read_only=True, allow_null=True)
    reference = serializers.CharField(source="booking.reference", read_only=True)
    paid_amount = AmountField()
    kept_amount = AmountField()
    refund_amount = AmountField()

    class Meta:
        model = CancellationRequest
        fields = [
            "id",
            "booking",
            "reference",
            "asked_by",
            "reason",
            "status",
            "currency",
            "paid_amount",
            "kept_percent",
            "kept_amount",
            "refund_amount",
            "approved_by",
            "second_approved_by",
            "decided_at",
            "decision_note",
            "created_at",
        ]
        read_only_fields = fields


class TransferSerializer(ModelSerializer):
    """A wish to pass a booking on to somebody else, and what comes of it."""

    from_customer = PersonSerializer(read_only=True)
    to_customer = PersonSerializer(read_only=True)
    decided_by = PersonSerializer(read_only=True, allow_null=True)
    reference = serializers.CharField(source="booking.reference", read_only=True)
    unit = serializers.UUIDField(source="booking.unit_id", read_only=True)
    price = AmountField(source="booking.price")
    currency = serializers.CharField(source="booking.currency", read_only=True)

    class Meta:
        model = TransferRequest
        fields = [
            "id",
            "booking",
            "reference",
            "unit",
            "price",
            "currency",
            "from_customer",
            "to_customer",
            "reason",
            "status",
            "accepted_at",
            "decided_by",
            "decided_at",
            "decision_note",
            "new_booking",
            "created_at",
        ]
        read_only_fields = fields
