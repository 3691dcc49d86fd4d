"""Payments, as the API takes and shows them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.api.serializers.organizations import OrganizationBriefSerializer
from accounts.api.serializers.people import PersonSerializer
from bookings.choices import GatewayName, PaymentMethod, PaymentPurpose
from bookings.gateways.built_in import OUTCOMES
from bookings.models import Booking, Instalment, Payment, Transaction
from catalog.choices import FeedType
from catalog.models import Product
from config.shared.fields import VisibleRelatedField
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

SMALLEST = Decimal("0.001")


class AmountInput(serializers.DecimalField):
    """An amount above nothing, with at most three decimal places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=3, min_value=SMALLEST, **kwargs)


class PaidInstalmentSerializer(ModelSerializer):
    """The instalment that a payment is for."""

    class Meta:
        model = Instalment
        fields = ["id", "label", "kind", "order"]
        read_only_fields = fields


class PaidBookingSerializer(ModelSerializer):
    """The booking that a payment is for."""

    unit = serializers.CharField(source="unit.__str__", read_only=True)

    class Meta:
        model = Booking
        fields = ["id", "reference", "unit"]
        read_only_fields = fields


class PaidSaleSerializer(ModelSerializer):
    """The sale that a payment is for."""

    product = serializers.UUIDField(source="product_id", read_only=True)
    title = serializers.CharField(source="product.title", read_only=True)

    class Meta:
        model = Transaction
        fields = ["id", "reference", "product", "title"]
        read_only_fields = fields


class PaymentSerializer(ModelSerializer):
    """Money that somebody pays; what passes through the test gateway says so."""

    payer = PersonSerializer(read_only=True)
    payee_user = PersonSerializer(read_only=True, allow_null=True)
    payee_organization = OrganizationBriefSerializer(read_only=True, allow_null=True)
    booking = PaidBookingSerializer(read_only=True, allow_null=True)
    instalment = PaidInstalmentSerializer(read_only=True, allow_null=True)
    transaction = PaidSaleSerializer(read_only=True, allow_null=True)
    amount = AmountField()
    platform_fee = AmountField(help_text="What the platform keeps of it; the payee bears it.")
    refunded_amount = AmountField()
    is_test = serializers.SerializerMethodField(
        help_text="Whether it is made at the test gateway, which takes no money."
    )

    class Meta:
        model = Payment
        fields = [
            "id",
            "reference",
            "purpose",
            "status",
            "gateway",
            "is_test",
            "payment_method",
            "payer",
            "payee_user",
            "payee_organization",
            "booking",
            "instalment",
            "transaction",
            "amount",
            "currency",
            "platform_fee",
            "refunded_amount",
            "receipt_no",
            "failure_code",
            "offline_reference",
            "stripe_payment_intent_id",
            "stripe_charge_id",
            "stripe_transfer_id",
            "completed_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_is_test(self, payment: Payment) -> bool:
        return payment.gateway == GatewayName.TEST


class PaymentInputSerializer(Serializer):
    """What is to be paid, and how."""

    instalment = VisibleRelatedField(queryset=Instalment)
    amount = AmountInput(
        required=False, allow_null=True, help_text="All that is left, when it is left out."
    )
    payment_method = serializers.ChoiceField(
        choices=PaymentMethod.choices,
        default=PaymentMethod.CARD,
        help_text="By card through the gateway; anything else is announced here.",
    )
    client_key = serializers.CharField(
        max_length=80,
        required=False,
        help_text="Your own name for this payment: a second request with it finds the first.",
    )


class ClientSecretSerializer(Serializer):
    """What the payer's browser needs for the gateway's form."""

    gateway = serializers.ChoiceField(choices=GatewayName.choices, read_only=True)
    is_test = serializers.BooleanField(read_only=True)
    publishable_key = serializers.CharField(read_only=True)
    client_secret = serializers.CharField(read_only=True)


class SimulationSerializer(Serializer):
    """How an attempt to pay at the test gateway ends."""

    outcome = serializers.ChoiceField(choices=[(name, name) for name in OUTCOMES])


class OfflineConfirmationSerializer(Serializer):
    """The reference of the bank transfer, the cheque or the voucher."""

    reference = serializers.CharField(max_length=120)


class FeeInputSerializer(Serializer):
    """A payment that somebody thinks of making."""

    amount = AmountInput(required=False, help_text="Without one: the price of the `product`.")
    currency = serializers.RegexField(
        r"^[A-Z]{3}$",
        max_length=3,
        required=False,
        help_text="Without one: the currency of the `product`.",
    )
    purpose = serializers.ChoiceField(
        choices=PaymentPurpose.choices, default=PaymentPurpose.INSTALMENT
    )
    product = VisibleRelatedField(
        queryset=Product, required=False, help_text="What you think of buying; it is a `sale` then."
    )
    feed_type = serializers.ChoiceField(
        choices=FeedType.choices,
        required=False,
        help_text="Instead of a product: through which feed it is sold.",
    )


class FeeSerializer(Serializer):
    """What the platform would keep of a payment, and what the payee would get."""

    purpose = serializers.ChoiceField(choices=PaymentPurpose.choices, read_only=True)
    feed_type = serializers.ChoiceField(
        choices=FeedType.choices,
        read_only=True,
        allow_null=True,
        help_text="Of a sale: the feed whose rate it is; null for homes.",
    )
    amount = AmountField()
    currency = serializers.CharField(read_only=True)
    percent = serializers.DecimalField(max_digits=5, decimal_places=2, read_only=True)
    platform_fee = AmountField()
    payee_gets = AmountField()
    seller_payout = AmountField(help_text="The same as `payee_gets`, in the words of sales.")
