"""A seller's statement, as the API shows it."""

from rest_framework import serializers

from config.shared.money_fields import AmountField
from config.shared.serializers import Serializer

EXAMPLE = {
    "year": 2026,
    "month": 11,
    "accounts": [
        {
            "currency": "AED",
            "opening": "0.00",
            "sales": "540.00",
            "sales_count": 3,
            "fees": "27.00",
            "refunds": "60.00",
            "fees_returned": "3.00",
            "payouts": "266.00",
            "payouts_returned": "0.00",
            "closing": "190.00",
            "closing_held": "190.00",
            "closing_due": "0.00",
            "cash_sales": "180.00",
            "cash_sales_count": 1,
        }
    ],
}
CSV_EXAMPLE = """\
at,kind,sale,product,amount,fee,balance_change,currency
2026-11-28T12:04:00Z,sale,SL-2026-000123,Walnut sideboard,200.00,-10.00,190.00,AED
"""


class SellerAccountSerializer(Serializer):
    """One currency of the month. Opening, plus sales and what comes back, less the rest, is
    closing."""

    currency = serializers.CharField(read_only=True)
    opening = AmountField(help_text="Owed to you when the month began, held or not.")
    sales = AmountField(help_text="What buyers paid.")
    sales_count = serializers.IntegerField(read_only=True)
    fees = AmountField(help_text="What the platform kept of it.")
    refunds = AmountField(help_text="What goes back to buyers.")
    fees_returned = AmountField(help_text="The platform's part of these refunds.")
    payouts = AmountField(help_text="What was sent to your account.")
    payouts_returned = AmountField(help_text="What was taken back from there, or never arrived.")
    closing = AmountField(help_text="Owed to you when the month ended, held or not.")
    closing_held = AmountField(help_text="Of this: held until a handover.")
    closing_due = AmountField(help_text="Of this: yours, and on its way; below zero, you owe it.")
    cash_sales = AmountField(help_text="Paid in cash, which passed by here.")
    cash_sales_count = serializers.IntegerField(read_only=True)


class StatementSerializer(Serializer):
    """A seller's month, by currency."""

    year = serializers.IntegerField(read_only=True)
    month = serializers.IntegerField(read_only=True)
    accounts = SellerAccountSerializer(many=True, read_only=True)
