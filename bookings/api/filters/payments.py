"""Filters of payments and refunds."""

from bookings.choices import (
    GatewayName,
    PaymentPurpose,
    PaymentStatus,
    RefundReason,
    RefundStatus,
)
from bookings.models import Payment, Refund
from config.shared.filter_fields import AnyOfFilter, ChoiceFilter, MomentFilter, UUIDFilter
from config.shared.filters import FilterSet


class PaymentFilter(FilterSet):
    """Payments by state, purpose, gateway, what they are for, and when they were begun."""

    status = AnyOfFilter(choices=PaymentStatus.choices)
    purpose = ChoiceFilter(choices=PaymentPurpose.choices)
    gateway = ChoiceFilter(choices=GatewayName.choices)
    booking = UUIDFilter(field_name="booking")
    instalment = UUIDFilter(field_name="instalment")
    transaction = UUIDFilter(field_name="transaction")
    development = UUIDFilter(field_name="booking__development")
    # Not words that Python lets stand before an equals sign.
    vars()["from"] = MomentFilter(field_name="created_at", lookup_expr="gte")
    vars()["to"] = MomentFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Payment
        fields: list[str] = []


class RefundFilter(FilterSet):
    """Refunds by state, reason, payment, booking and sale."""

    status = AnyOfFilter(choices=RefundStatus.choices)
    reason = ChoiceFilter(choices=RefundReason.choices)
    payment = UUIDFilter(field_name="payment")
    booking = UUIDFilter(field_name="payment__booking")
    transaction = UUIDFilter(field_name="payment__transaction")

    class Meta:
        model = Refund
        fields: list[str] = []
