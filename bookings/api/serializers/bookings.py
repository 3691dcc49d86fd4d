"""Bookings, as the API takes and shows them."""

from rest_framework import serializers

from accounts.api.serializers.organizations import OrganizationBriefSerializer
from accounts.api.serializers.people import PersonSerializer
from accounts.models import User
from bookings.choices import BookingStatus
from bookings.models import Booking
from catalog.api.serializers.developments import DevelopmentBriefSerializer
from catalog.api.serializers.policies import PLAN, TERMS
from catalog.models import Unit
from config.shared.fields import BoundedJSONField, VisibleRelatedField
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

UNIT = "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"
HOLD = {"unit": UNIT, "notes": "High floor, please."}
HELD = {
    "reference": "BK-2026-000123",
    "status": "held",
    "held_until": "2026-11-28T12:15:00Z",
    "pay_until": None,
    "expires_at": "2026-11-28T12:15:00Z",
    "server_time": "2026-11-28T12:00:00Z",
    "price": "1850000.00",
    "currency": "AED",
    "deposit_amount": "185000.00",
}
CHECKED_OUT = {
    **HELD,
    "status": "pending_payment",
    "pay_until": "2026-11-29T12:05:00Z",
    "expires_at": "2026-11-29T12:05:00Z",
}
CANCELLED = {
    **HELD,
    "status": "cancelled",
    "expires_at": None,
    "cancel_reason": "Another unit suits us better.",
    "cancelled_at": "2026-11-28T12:10:00Z",
}
LEAVING = {"reason": CANCELLED["cancel_reason"]}


class UnitBriefSerializer(ModelSerializer):
    """A unit beside something about it."""

    class Meta:
        model = Unit
        fields = ["id", "block", "floor", "number", "unit_type", "bedrooms"]
        read_only_fields = fields


class BookingSerializer(ModelSerializer):
    """A customer's claim to a unit, with what was agreed when it was held."""

    unit = UnitBriefSerializer(read_only=True)
    development = DevelopmentBriefSerializer(read_only=True)
    builder = OrganizationBriefSerializer(read_only=True)
    customer = PersonSerializer(read_only=True)
    sales_agent = PersonSerializer(read_only=True, allow_null=True)
    status = serializers.ChoiceField(
        source="live_status",
        choices=BookingStatus.choices,
        read_only=True,
        help_text="The state now: a hold whose time is over is expired.",
    )
    expires_at = serializers.DateTimeField(
        read_only=True,
        allow_null=True,
        help_text="When it ends by itself in its present state; null if it does not.",
    )
    server_time = serializers.DateTimeField(
        read_only=True, help_text="The time that ends are compared with, as this was read."
    )
    price = AmountField()
    deposit_amount = AmountField()
    plan = BoundedJSONField(schema=PLAN, read_only=True)
    terms = BoundedJSONField(schema=TERMS, read_only=True)
    refund_due = AmountField(allow_null=True)
    contract = serializers.UUIDField(source="contract_id", read_only=True, allow_null=True)
    transferred_to = serializers.UUIDField(
        source="transferred_to_id", read_only=True, allow_null=True
    )

    class Meta:
        model = Booking
        fields = [
            "id",
            "reference",
            "unit",
            "development",
            "builder",
            "customer",
            "sales_agent",
            "status",
            "held_until",
            "pay_until",
            "expires_at",
            "server_time",
            "extended_minutes",
            "price",
            "currency",
            "deposit_amount",
            "plan",
            "terms",
            "notes",
            "contract",
            "handover_builder_at",
            "handover_builder_note",
            "handover_customer_at",
            "handover_customer_note",
            "cancel_reason",
            "refund_due",
            "transferred_to",
            "waitlist_position",
            "confirmed_at",
            "contracted_at",
            "completed_at",
            "cancelled_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class HoldSerializer(Serializer):
    """A unit to hold; for somebody else only by the builder's sales."""

    unit = VisibleRelatedField(queryset=Unit)
    customer = VisibleRelatedField(
        queryset=User,
        required=False,
        allow_null=True,
        help_text="For whom the builder's sales hold it; left out, it is for the caller.",
    )
    notes = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    client_key = serializers.CharField(
        max_length=80,
        required=False,
        allow_blank=True,
        help_text="A name of the client's own choice; a customer has one booking of each.",
    )


class NotesSerializer(Serializer):
    """What is noted about a booking."""

    notes = serializers.CharField(max_length=2000, allow_blank=True)


class LeavingSerializer(Serializer):
    """Why a booking is given up."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
