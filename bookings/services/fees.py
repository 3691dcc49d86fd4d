"""What the platform keeps of a payment, shown before anybody pays."""

from dataclasses import dataclass
from decimal import Decimal

from accounts.services.settings import get_setting
from config.shared.money import check_amount, fee


@dataclass(frozen=True, slots=True)
class FeeCalculation:
    """A payment, what the platform keeps of it and what the payee gets; the payer pays no more."""

    purpose: str
    amount: Decimal
    currency: str
    percent: Decimal
    platform_fee: Decimal
    payee_gets: Decimal
    feed_type: str | None = None

    @property
    def seller_payout(self) -> Decimal:
        """What the payee gets, in the words of sales."""
        return self.payee_gets


def calculate_fee(*, amount: Decimal, currency: str, purpose: str) -> FeeCalculation:
    """The fee on ``amount`` by the present setting, rounded half up; the rest is the payee's.

    Raises ``InvalidInputError`` for an amount that the currency does not know.
    """
    amount = check_amount(amount, currency)
    percent = get_setting("homes_fee_percent")
    kept = fee(amount, percent, currency)
    return FeeCalculation(
        purpose=purpose,
        amount=amount,
        currency=currency,
        percent=percent,
        platform_fee=kept,
        payee_gets=amount - kept,
    )
