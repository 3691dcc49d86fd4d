"""Sales, as the API takes and shows them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers.people import PersonSerializer
from accounts.models import User
from bookings.api.serializers.payments import AmountInput
from bookings.api.serializers.refunds import GIVEN_REASONS
from bookings.choices import DisputeOutcome, GatewayName, TransactionStatus
from bookings.models import Payment, Transaction
from bookings.services.dispute_outcomes import DECISIONS
from bookings.services.meeting_points import meeting_point_of
from catalog.models import Product
from config.shared.fields import VisibleRelatedField
from config.shared.money import written
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

NAMES = ("stripe_payment_intent_id", "stripe_charge_id", "stripe_transfer_id")


class SoldProductSerializer(ModelSerializer):
    """The product that a sale is about."""

    class Meta:
        model = Product
        fields = ["id", "title", "status"]
        read_only_fields = fields


class MeetingPointSerializer(Serializer):
    """Where buyer and seller meet."""

    lat = serializers.FloatField(read_only=True, allow_null=True)
    lng = serializers.FloatField(read_only=True, allow_null=True)
    note = serializers.CharField(read_only=True)


class DisputeSerializer(ModelSerializer):
    """A dispute about a sale, and what was decided once it was."""

    opened_at = serializers.DateTimeField(source="dispute_opened_at", read_only=True)
    reason = serializers.CharField(source="dispute_reason", read_only=True)
    outcome = serializers.SerializerMethodField()
    refund_amount = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    decided_at = serializers.DateTimeField(
        source="dispute_decided_at", read_only=True, allow_null=True
    )

    class Meta:
        model = Transaction
        fields = ["opened_at", "reason", "outcome", "refund_amount", "note", "decided_at"]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=DisputeOutcome.choices, allow_null=True))
    def get_outcome(self, sale: Transaction) -> str | None:
        """Null until it is decided, also while a second person has to agree."""
        return sale.dispute_outcome or None if sale.dispute_decided_at else None

    @extend_schema_field(AmountField(allow_null=True))
    def get_refund_amount(self, sale: Transaction) -> str | None:
        """What goes back to the buyer; null where nothing does."""
        if sale.dispute_decided_at is None or sale.dispute_refund is None:
            return None
        return written(sale.dispute_refund, sale.currency)

    def get_note(self, sale: Transaction) -> str:
        """What whoever decided says of it."""
        return sale.dispute_note if sale.dispute_decided_at else ""


class TransactionSerializer(ModelSerializer):
    """The sale of a product: who pays whom, and where the money is."""

    product = SoldProductSerializer(read_only=True)
    buyer = PersonSerializer(read_only=True)
    seller = PersonSerializer(read_only=True)
    offer = serializers.UUIDField(source="offer_id", read_only=True, allow_null=True)
    amount = AmountField()
    platform_fee = AmountField(help_text="What the platform keeps of it; the seller bears it.")
    seller_payout = AmountField(help_text="What the seller gets.")
    status = serializers.ChoiceField(
        source="live_status",
        choices=TransactionStatus.choices,
        read_only=True,
        help_text="The state now: a reservation whose time is over has failed.",
    )
    payment = serializers.SerializerMethodField()
    stripe_payment_intent_id = serializers.SerializerMethodField()
    stripe_charge_id = serializers.SerializerMethodField()
    stripe_transfer_id = serializers.SerializerMethodField()
    meeting_point = serializers.SerializerMethodField()
    dispute = serializers.SerializerMethodField()

    class Meta:
        model = Transaction
        fields = [
            "id",
            "reference",
            "product",
            "buyer",
            "seller",
            "offer",
            "origin",
            "amount",
            "currency",
            "platform_fee",
            "seller_payout",
            "feed_type",
            "status",
            "release_state",
            "payment_method",
            "payment",
            *NAMES,
            "reserved_until",
            "ended_reason",
            "cash_marked_at",
            "completed_at",
            "auto_release_at",
            "handover_confirmed_at",
            "released_at",
            "dispute",
            "meeting_point",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_payment(self, sale: Transaction) -> UUID | None:
        """Its payment: ask there for what the gateway's form needs, and for the receipt."""
        payment = _payment(sale)
        return None if payment is None else payment.pk

    def get_stripe_payment_intent_id(self, sale: Transaction) -> str:
        """The gateway's name for the payment."""
        return _name(sale, "stripe_payment_intent_id")

    def get_stripe_charge_id(self, sale: Transaction) -> str:
        """The gateway's name for the charge that brought the money."""
        return _name(sale, "stripe_charge_id")

    def get_stripe_transfer_id(self, sale: Transaction) -> str:
        """The gateway's name for what was passed on to the seller; empty before that."""
        return _name(sale, "stripe_transfer_id")

    @extend_schema_field(MeetingPointSerializer(allow_null=True))
    def get_meeting_point(self, sale: Transaction) -> Any:
        """Where to meet: for buyer and seller, once it is paid or both agreed."""
        found = meeting_point_of(sale=sale, reader=self.context["request"].user)
        return None if found is None else MeetingPointSerializer(found).data

    @extend_schema_field(DisputeSerializer(allow_null=True))
    def get_dispute(self, sale: Transaction) -> Any:
        """The last dispute; null if there never was one."""
        return None if sale.dispute_opened_at is None else DisputeSerializer(sale).data


class PurchaseSerializer(Serializer):
    """What is bought, at its price."""

    product = VisibleRelatedField(queryset=Product)
    client_key = serializers.CharField(
        max_length=80,
        required=False,
        help_text="Your own name for this purchase: a second request with it finds the first.",
    )


class PayingSerializer(Serializer):
    """How a payment for a reserved product is told from others."""

    client_key = serializers.CharField(
        max_length=80,
        required=False,
        help_text="Your own name for this payment: a second request with it finds the first.",
    )


class CashSaleSerializer(Serializer):
    """Who paid in cash, and how much."""

    buyer = VisibleRelatedField(queryset=User)
    amount = AmountInput(
        required=False,
        allow_null=True,
        help_text="Without one: the price. For a reservation its own price stands.",
    )


class TypedCodeSerializer(Serializer):
    """The code that the buyer shows."""

    code = serializers.RegexField(r"^[0-9]{6}$", max_length=6)


class HandoverCodeSerializer(Serializer):
    """Where the code of a handover stands, and once the code itself."""

    is_issued = serializers.BooleanField(read_only=True)
    attempts_left = serializers.IntegerField(
        read_only=True, help_text="How often the seller may still try."
    )
    handover_confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    code = serializers.CharField(read_only=True, help_text="Shown when it is new, and never again.")
    qr_svg = serializers.CharField(
        read_only=True, help_text="The same as a picture: a `data:` address of an SVG."
    )


class DisputeInputSerializer(Serializer):
    """What is wrong with the thing."""

    reason = serializers.CharField(max_length=2000)


class DisputeDecisionSerializer(Serializer):
    """Where the money of a disputed sale goes, and why."""

    outcome = serializers.ChoiceField(choices=[(each.value, each.label) for each in DECISIONS])
    refund_amount = AmountInput(
        required=False, allow_null=True, help_text="The buyer's part of a `split`."
    )
    note = serializers.CharField(max_length=1000)


class SaleRefundSerializer(Serializer):
    """How much of a sale is to be given back, and why."""

    amount = AmountInput(required=False, allow_null=True, help_text="Without one: all of it.")
    reason = serializers.ChoiceField(choices=GIVEN_REASONS)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class PayoutAccountSerializer(Serializer):
    """The account at the gateway that a seller is paid to."""

    gateway = serializers.ChoiceField(choices=GatewayName.choices, read_only=True)
    is_test = serializers.BooleanField(read_only=True)
    account = serializers.CharField(read_only=True)
    onboarding_url = serializers.CharField(
        read_only=True, help_text="Where its owner fills in what is missing; empty: nothing is."
    )


def _name(sale: Transaction, name: str) -> str:
    payment = _payment(sale)
    return "" if payment is None else getattr(payment, name)


def _payment(sale: Any) -> Payment | None:
    """The payment that it lives by, else the last that was begun (see ``with_details``)."""
    payments: list[Payment] = sale.counting_payments
    arrived = [each for each in payments if each.completed_at is not None]
    if arrived:
        return arrived[0]
    return max(payments, key=lambda each: (each.created_at, each.pk), default=None)
