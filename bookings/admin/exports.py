"""The columns of the lists that staff take away as files, and none but these."""

from bookings.models import Booking, Instalment, Payment, Transaction
from config.shared.admin_exports import ListResource


class BookingResource(ListResource):
    """Bookings and what was agreed."""

    class Meta:
        model = Booking
        fields = (
            "id",
            "reference",
            "development__name",
            "unit__number",
            "customer__full_name",
            "status",
            "price",
            "deposit_amount",
            "refund_due",
            "currency",
            "created_at",
            "confirmed_at",
            "contracted_at",
            "completed_at",
            "cancelled_at",
        )


class InstalmentResource(ListResource):
    """What customers owe, part by part."""

    class Meta:
        model = Instalment
        fields = (
            "id",
            "booking__reference",
            "booking__customer__full_name",
            "label",
            "status",
            "amount",
            "late_fee",
            "currency",
            "due_date",
            "paid_at",
        )


class PaymentResource(ListResource):
    """What was paid and given back."""

    class Meta:
        model = Payment
        fields = (
            "id",
            "reference",
            "receipt_no",
            "purpose",
            "payer__full_name",
            "payee_organization__name",
            "booking__reference",
            "transaction__reference",
            "status",
            "payment_method",
            "gateway",
            "amount",
            "platform_fee",
            "refunded_amount",
            "currency",
            "created_at",
            "completed_at",
        )


class TransactionResource(ListResource):
    """Who sold what to whom."""

    class Meta:
        model = Transaction
        fields = (
            "id",
            "reference",
            "product__title",
            "buyer__full_name",
            "seller__full_name",
            "status",
            "release_state",
            "payment_method",
            "feed_type",
            "amount",
            "platform_fee",
            "seller_payout",
            "currency",
            "created_at",
            "completed_at",
            "released_at",
        )
