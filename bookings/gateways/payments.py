"""What a payment gateway does for Courtyard, whichever it is.

Gateways are called outside database transactions. Every call that changes something carries an
idempotency key made from our row, so that it can be repeated after a crash. What a gateway says,
at once or by webhook, is a set of facts; ``bookings.services.facts`` works the state out of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from bookings.choices import FactKind, GatewayName
from config.shared.errors import InvalidInputError, OutsideServiceError
from config.shared.money import from_minor, to_minor

RETRY_AFTER_SECONDS = 30
LONGEST_CODE = 60
# Without minor units by ISO 4217, but counted by Stripe as if they had two decimal places, see
# https://docs.stripe.com/currencies#special-cases.
HUNDREDFOLD = {"ISK": 100, "UGX": 100}


class GatewayDownError(OutsideServiceError):
    """The gateway did not answer, or not in time; the same call may succeed later."""

    code = "gateway_down"
    status = 503
    title = "The payment gateway does not answer"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, retry_after=RETRY_AFTER_SECONDS)


class SignatureError(InvalidInputError):
    """A message does not come from the gateway, or is older than five minutes."""

    code = "bad_signature"
    title = "The signature does not fit"


class GatewayRefusalError(Exception):
    """The gateway answered no, for good; ``code`` is its word for why."""

    def __init__(self, code: str) -> None:
        self.code = (code or "refused")[:LONGEST_CODE]
        super().__init__(self.code)


@dataclass(frozen=True, slots=True)
class Charge:
    """What is to be paid: an amount in minor units, for one of our payments."""

    key: str
    payment: str
    reference: str
    amount: int
    currency: str
    fee: int = 0
    customer: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a gateway says of a payment.

    ``reference`` is the gateway's name for it (a charge, a refund), ``code`` why something failed
    and ``refund`` our own refund that it belongs to.
    """

    kind: FactKind
    reference: str
    amount: Decimal
    currency: str
    code: str = ""
    refund: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a gateway knows of one payment.

    ``intent`` is its name for the payment and ``payment`` ours; ``secret`` lets the payer's
    browser pay it, and is neither stored nor shown in a log.
    """

    intent: str
    payment: str = ""
    charge: str = ""
    transfer: str = ""
    secret: str = field(default="", repr=False)
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """How much of a payment was passed on to its seller, and how much of that was taken back."""

    amount: Decimal
    reversed: Decimal


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """A signed message; ``report`` is None where it says nothing that matters here."""

    external_id: str
    type: str
    report: Report | None = None


class Gateway(Protocol):
    """What every gateway does. Raises ``GatewayDownError`` and ``GatewayRefusalError``."""

    name: GatewayName

    def create_intent(self, charge: Charge) -> Report:
        """Announce a payment; the same key gives the same intent."""
        ...

    def retrieve(self, intent: str) -> Report:
        """Everything that is known of an intent."""
        ...

    def capture(self, intent: str, *, key: str) -> Report:
        """Take money that was only reserved."""
        ...

    def cancel(self, intent: str, *, key: str) -> Report:
        """Make sure that an intent is paid no more; one that was paid stays so."""
        ...

    def refund(self, intent: str, *, amount: int, currency: str, refund: str, key: str) -> Report:
        """Give ``amount`` minor units back for our ``refund``."""
        ...

    def transfer(self, *, amount: int, currency: str, account: str, source: str, key: str) -> str:
        """Pass money of the charge ``source`` on to ``account``; the name of the transfer."""
        ...

    def reverse(self, transfer: str, *, amount: int, currency: str, key: str) -> str:
        """Take ``amount`` of a transfer back; the name of that."""
        ...

    def transferred(self, transfer: str) -> Passed:
        """What became of a transfer."""
        ...

    def customer(self, *, user: str, key: str) -> str:
        """The gateway's name for a person; empty where it keeps none."""
        ...

    def account(self, *, user: str, key: str) -> str:
        """A new account that a seller is paid to; the same key gives the same account."""
        ...

    def onboarding(self, account: str, *, back: str) -> str:
        """Where the seller fills in what the account needs; empty where it needs nothing."""
        ...

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> GatewayEvent:
        """Read a message, or raise ``SignatureError``."""
        ...


def minor_of(amount: Decimal, currency: str) -> int:
    """An amount of money in minor units as gateways count them."""
    return to_minor(amount, currency) * HUNDREDFOLD.get(currency, 1)


def amount_of(minor: Any, currency: Any) -> Decimal:
    """Minor units as gateways count them, as an amount of money."""
    code = str(currency).upper()
    whole, rest = divmod(int(minor or 0), HUNDREDFOLD.get(code, 1))
    if rest:
        raise ValueError(f"{minor} is no amount of {code}.")
    return from_minor(whole, code)
