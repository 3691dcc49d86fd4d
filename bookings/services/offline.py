"""Money that comes by bank transfer, cheque or in cash: announced, then confirmed by hand."""

from accounts.models import User
from bookings.choices import FactKind, GatewayName, PaymentStatus
from bookings.flows import PAYMENT_FLOW
from bookings.gateways.payments import Fact
from bookings.models import Payment
from bookings.payment_exceptions import GatewayMismatchError
from bookings.services.facts import store_facts
from bookings.services.money_people import require_money_people
from bookings.services.receiving import lock_payment, receive
from config.shared.flows import move
from config.shared.retries import retry_transaction


@retry_transaction
def confirm_offline(*, payment: Payment, actor: User, reference: str) -> Payment:
    """Note that announced money is there, with the reference of the transfer or the cheque.

    For the builder's finance and for staff, never for whoever paid. What follows is the same as
    for money that came through a gateway.
    """
    payment = _decidable(payment, actor)
    PAYMENT_FLOW.check(payment.status, PaymentStatus.COMPLETED)
    payment.offline_reference, payment.confirmed_by = reference, actor
    payment.save(update_fields=["offline_reference", "confirmed_by", "updated_at"])
    fact = Fact(
        FactKind.SUCCEEDED, f"offline:{payment.reference}", payment.amount, payment.currency
    )
    store_facts(payment=payment, facts=[fact])
    receive(payment=payment)
    return payment


@retry_transaction
def decline_offline(*, payment: Payment, actor: User, reason: str) -> Payment:
    """Note that announced money has not come. For the builder's finance and for staff."""
    payment = _decidable(payment, actor)
    move(
        payment,
        PaymentStatus.FAILED,
        flow=PAYMENT_FLOW,
        actor=actor,
        reason=reason,
        failure_code="not_received",
    )
    return payment


def _decidable(payment: Payment, actor: User) -> Payment:
    payment = lock_payment(payment)
    require_money_people(
        actor=actor, payment=payment, permission="bookings.confirm_offline_payment"
    )
    if payment.gateway != GatewayName.OFFLINE:
        raise GatewayMismatchError("The gateway says when this money is there.")
    return payment
