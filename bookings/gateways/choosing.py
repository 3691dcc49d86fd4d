"""Which gateway takes a payment: Stripe where it is set up, else the built-in one."""

from django.conf import settings

from bookings.choices import GatewayName
from bookings.gateways.built_in import BuiltInGateway
from bookings.gateways.payments import Gateway
from bookings.gateways.stripe_payments import StripeGateway
from config.shared.errors import MissingError


def present_gateway() -> Gateway:
    """The gateway of new payments."""
    return gateway_named(settings.PAYMENT_GATEWAY)


def gateway_named(name: str) -> Gateway:
    """The gateway that a payment was begun with; raises ``MissingError`` if it is not set up."""
    if name == GatewayName.STRIPE and settings.STRIPE_SECRET_KEY:
        return StripeGateway()
    if name == GatewayName.TEST and settings.PAYMENT_GATEWAY == GatewayName.TEST:
        return BuiltInGateway()
    raise MissingError("There is no such gateway here.")
