"""Payments through Stripe, by its own SDK, which is loaded when the first call needs it."""

import logging
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings

from bookings.choices import GatewayName
from bookings.gateways.objects import read_event, report_of_intent, report_of_refunds
from bookings.gateways.payments import (
    Charge,
    GatewayDownError,
    GatewayEvent,
    GatewayRefusalError,
    Passed,
    Report,
    amount_of,
)
from bookings.gateways.signatures import check_signature

SIGNATURE_HEADER = "Stripe-Signature"
CONNECT_SECONDS, READ_SECONDS = 3, 10
NETWORK_RETRIES = 1
MOST_REFUNDS = 100
# Somebody else is at work on the same thing, or too much is going on: later it may succeed.
BUSY = {409, 429}

logger = logging.getLogger(__name__)


class StripeGateway:
    """Stripe: destination charges where the payee has an account connected to ours."""

    name = GatewayName.STRIPE

    def create_intent(self, charge: Charge) -> Report:
        params: dict[str, Any] = {
            "amount": charge.amount,
            "currency": charge.currency.lower(),
            "automatic_payment_methods": {"enabled": True},
            "description": charge.reference,
            "metadata": {"payment": charge.payment, "reference": charge.reference},
        }
        if charge.customer:
            params["customer"] = charge.customer
        if charge.account:
            params["transfer_data"] = {"destination": charge.account}
            params["on_behalf_of"] = charge.account
            if charge.fee:
                params["application_fee_amount"] = charge.fee
        made = _ask(
            lambda client: client.v1.payment_intents.create(
                params=params, options={"idempotency_key": charge.key}
            )
        )
        return report_of_intent(made)

    def retrieve(self, intent: str) -> Report:
        expanded = {"expand": ["latest_charge"]}
        found = _ask(lambda client: client.v1.payment_intents.retrieve(intent, params=expanded))
        wanted = {"payment_intent": intent, "limit": MOST_REFUNDS}
        refunds = _ask(lambda client: client.v1.refunds.list(params=wanted))
        return report_of_intent(found, refunds["data"])

    def capture(self, intent: str, *, key: str) -> Report:
        options = {"idempotency_key": key}
        return report_of_intent(
            _ask(lambda client: client.v1.payment_intents.capture(intent, options=options))
        )

    def cancel(self, intent: str, *, key: str) -> Report:
        options = {"idempotency_key": key}
        try:
            return report_of_intent(
                _ask(lambda client: client.v1.payment_intents.cancel(intent, options=options))
            )
        except GatewayRefusalError as refusal:
            if refusal.code != "payment_intent_unexpected_state":
                raise
            return self.retrieve(intent)

    def refund(self, intent: str, *, amount: int, currency: str, refund: str, key: str) -> Report:
        params: dict[str, Any] = {
            "payment_intent": intent,
            "amount": amount,
            "metadata": {"refund": refund},
        }
        if self._is_passed_on(intent):
            params |= {"reverse_transfer": True, "refund_application_fee": True}
        made = _ask(
            lambda client: client.v1.refunds.create(params=params, options={"idempotency_key": key})
        )
        return report_of_refunds([made])

    def transfer(self, *, amount: int, currency: str, account: str, source: str, key: str) -> str:
        params = {
            "amount": amount,
            "currency": currency.lower(),
            "destination": account,
            "source_transaction": source,
        }
        made = _ask(
            lambda client: client.v1.transfers.create(
                params=params, options={"idempotency_key": key}
            )
        )
        return str(made["id"])

    def customer(self, *, user: str, key: str) -> str:
        params = {"metadata": {"user": user}}
        made = _ask(
            lambda client: client.v1.customers.create(
                params=params, options={"idempotency_key": key}
            )
        )
        return str(made["id"])

    def reverse(self, transfer: str, *, amount: int, currency: str, key: str) -> str:
        params = {"amount": amount}
        made = _ask(
            lambda client: client.v1.transfers.reversals.create(
                transfer, params=params, options={"idempotency_key": key}
            )
        )
        return str(made["id"])

    def transferred(self, transfer: str) -> Passed:
        found = _ask(lambda client: client.v1.transfers.retrieve(transfer))
        currency = str(found["currency"]).upper()
        return Passed(
            amount_of(found["amount"], currency), amount_of(found["amount_reversed"], currency)
        )

    def account(self, *, user: str, key: str) -> str:
        params: dict[str, Any] = {
            "type": "express",
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"user": user},
        }
        made = _ask(
            lambda client: client.v1.accounts.create(
                params=params, options={"idempotency_key": key}
            )
        )
        return str(made["id"])

    def onboarding(self, account: str, *, back: str) -> str:
        params: dict[str, Any] = {
            "account": account,
            "type": "account_onboarding",
            "refresh_url": back,
            "return_url": back,
        }
        made = _ask(lambda client: client.v1.account_links.create(params=params))
        return str(made["url"])

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> GatewayEvent:
        given = headers.get(SIGNATURE_HEADER, "")
        check_signature(body, given, secret=settings.STRIPE_WEBHOOK_SECRET, now=time.time())
        return read_event(body)

    def _is_passed_on(self, intent: str) -> bool:
        found = _ask(lambda client: client.v1.payment_intents.retrieve(intent))
        return bool(found.get("transfer_data"))


def _ask(call: Callable[[Any], Any]) -> dict[str, Any]:
    """What Stripe answers, as plain values."""
    import stripe

    try:
        answer: dict[str, Any] = call(_client()).to_dict()
    except stripe.StripeError as error:
        raise _meaning(error) from error
    return answer


def _meaning(error: Any) -> Exception:
    import stripe

    code = str(getattr(error, "code", "") or "")
    final = (stripe.CardError, stripe.InvalidRequestError, stripe.IdempotencyError)
    if isinstance(error, final) and error.http_status not in BUSY:
        if not isinstance(error, stripe.CardError):
            logger.error("Stripe refused a request: %s", code or type(error).__name__)
        declined = getattr(getattr(error, "error", None), "decline_code", "") or ""
        return GatewayRefusalError(declined or code or "invalid_request")
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        logger.error("Stripe does not accept our key.")
    return GatewayDownError()


def _client() -> Any:
    return _client_of(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@lru_cache(maxsize=4)
def _client_of(key: str, address: str) -> Any:
    import stripe

    return stripe.StripeClient(
        key,
        base_addresses={"api": address},
        max_network_retries=NETWORK_RETRIES,
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
    )
