"""Paying in tests, through the test gateway and its signed messages."""

from decimal import Decimal

from bookings.choices import PaymentMethod
from bookings.models import Instalment, Payment
from bookings.services.offline import confirm_offline
from bookings.services.payments import begin_payment
from bookings.services.simulation import simulate
from catalog.tests.factories.homes import member_of


def open_payment(instalment: Instalment, amount: Decimal | str | None = None) -> Payment:
    """A payment of ``amount``, or of all that is left, that the payer has not made yet."""
    return begin_payment(
        payer=instalment.booking.customer,
        instalment=instalment,
        amount=None if amount is None else Decimal(amount),
    )


def pay(instalment: Instalment, amount: Decimal | str | None = None) -> Payment:
    """A payment whose money has arrived; what it was for has happened."""
    payment = open_payment(instalment, amount)
    return simulate(payment=payment, actor=payment.payer, outcome="succeed")


def pay_offline(instalment: Instalment, amount: Decimal | str | None = None) -> Payment:
    """A bank transfer that was announced by the customer and confirmed by the builder's finance."""
    payment = begin_payment(
        payer=instalment.booking.customer,
        instalment=instalment,
        amount=None if amount is None else Decimal(amount),
        payment_method=PaymentMethod.BANK_TRANSFER,
    )
    finance = member_of(instalment.booking.builder, "finance")
    return confirm_offline(payment=payment, actor=finance, reference="TRF-4711")


def carry_out_refunds(payment: Payment) -> Payment:
    """Do what the jobs of the refunds of ``payment`` do, and return it as it is then."""
    from bookings.services.carrying_out import carry_out_refund

    for refund in payment.refunds.order_by("pk"):
        carry_out_refund(refund_id=refund.pk)
    payment.refresh_from_db()
    return payment
