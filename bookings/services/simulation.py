"""Playing the payer of the built-in test gateway, which acts like anybody outside."""

from accounts.models import User
from bookings.choices import GatewayName
from bookings.gateways.built_in import BuiltInGateway
from bookings.gateways.choosing import gateway_named
from bookings.gateways.payments import GatewayRefusalError
from bookings.models import Payment
from bookings.payment_exceptions import GatewayMismatchError, NotPayerError
from bookings.services.intents import announce
from bookings.services.webhooks import receive_message
from config.shared.errors import ConflictError, MissingError


def simulate(*, payment: Payment, actor: User, outcome: str) -> Payment:
    """Let an attempt to pay end in ``outcome``: the gateway's signed message says so.

    Raises ``MissingError`` where the test gateway is not in use, ``GatewayMismatchError`` for a
    payment that is not its, ``NotPayerError``, and ``ConflictError`` for one that is over.
    """
    gateway = gateway_named(GatewayName.TEST)
    if not isinstance(gateway, BuiltInGateway):
        raise MissingError
    if payment.gateway != GatewayName.TEST:
        raise GatewayMismatchError
    if payment.payer_id != actor.pk:
        raise NotPayerError
    payment = announce(payment=payment)
    try:
        body, headers = gateway.simulate(payment.stripe_payment_intent_id, outcome)
    except GatewayRefusalError as refusal:
        raise ConflictError("This payment is over.") from refusal
    receive_message(gateway=GatewayName.TEST, body=body, headers=headers)
    payment.refresh_from_db()
    return payment
