"""What Stripe's objects say, and those of the built-in gateway, which have the same shape.

See https://docs.stripe.com/api/payment_intents/object and /refunds/object.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bookings.choices import FactKind
from bookings.gateways.payments import Fact, GatewayEvent, Report, SignatureError, amount_of
from config.shared.errors import InvalidInputError

LONGEST = 120
# Stripe's own spelling.
CALLED_OFF = "cancelled".replace("ll", "l")
INTENT_EVENTS = {
    "payment_intent.processing",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    f"payment_intent.{CALLED_OFF}",
}
REFUND_EVENTS = {"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"}
UNREADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    InvalidInputError,
)
REFUND_KINDS = {
    "succeeded": FactKind.REFUNDED,
    "failed": FactKind.REFUND_FAILED,
    CALLED_OFF: FactKind.REFUND_FAILED,
}


def read_event(body: bytes) -> GatewayEvent:
    """A message whose signature has been checked."""
    try:
        event = json.loads(body)
        made = GatewayEvent(external_id=_text(event["id"]), type=_text(event["type"])[:80])
        found = event["data"]["object"]
        report = _report_in(made.type, found)
    except UNREADABLE as error:
        raise SignatureError("The message cannot be read.") from error
    if not made.external_id:
        raise SignatureError("The message cannot be read.")
    return replace(made, report=report)


def _report_in(kind: str, found: Mapping[str, Any]) -> Report | None:
    if kind in INTENT_EVENTS:
        return report_of_intent(found)
    if kind in REFUND_EVENTS and found.get("payment_intent"):
        return report_of_refunds([found])
    return None


def report_of_intent(
    intent: Mapping[str, Any], refunds: Iterable[Mapping[str, Any]] = ()
) -> Report:
    """What a payment intent, and the refunds of it, say."""
    charge = _name(intent.get("latest_charge"))
    latest = intent.get("latest_charge")
    transfer = _name(latest.get("transfer")) if isinstance(latest, Mapping) else ""
    return Report(
        intent=_text(intent["id"]),
        payment=_text((intent.get("metadata") or {}).get("payment")),
        charge=charge,
        transfer=transfer,
        secret=str(intent.get("client_secret") or ""),
        facts=(*_facts_of_intent(intent, charge), *_facts_of_refunds(refunds)),
    )


def report_of_refunds(refunds: list[Mapping[str, Any]]) -> Report:
    """What refunds say of the payment that they belong to."""
    return Report(
        intent=_name(refunds[0].get("payment_intent")),
        charge=_name(refunds[0].get("charge")),
        facts=tuple(_facts_of_refunds(refunds)),
    )


def _facts_of_intent(intent: Mapping[str, Any], charge: str) -> list[Fact]:
    status, currency = intent.get("status"), str(intent.get("currency")).upper()
    amount = amount_of(intent.get("amount"), currency)
    error = intent.get("last_payment_error") or {}
    name = _text(intent["id"])
    facts = []
    if status == "succeeded":
        received = amount_of(intent.get("amount_received"), currency)
        facts.append(Fact(FactKind.SUCCEEDED, charge or name, received, currency))
    if status == "processing":
        facts.append(Fact(FactKind.PROCESSING, charge or name, amount, currency))
    if status == CALLED_OFF:
        facts.append(Fact(FactKind.CANCELLED, name, amount, currency, "cancelled"))
    if error and status != "succeeded":
        code = str(error.get("decline_code") or error.get("code") or "failed")[:60]
        reference = _name(error.get("charge")) or name
        facts.append(Fact(FactKind.FAILED, reference, amount, currency, code))
    return facts


def _facts_of_refunds(refunds: Iterable[Mapping[str, Any]]) -> Iterable[Fact]:
    for refund in refunds:
        kind = REFUND_KINDS.get(str(refund.get("status")))
        if kind is None:
            continue
        currency = str(refund.get("currency")).upper()
        yield Fact(
            kind,
            _text(refund["id"]),
            amount_of(refund.get("amount"), currency),
            currency,
            str(refund.get("failure_reason") or "")[:60],
            _text((refund.get("metadata") or {}).get("refund")),
        )


def _name(value: Any) -> str:
    """The name of an object, which stands there itself or by its name alone."""
    return _text(value.get("id") if isinstance(value, Mapping) else value)


def _text(value: Any) -> str:
    return str(value or "")[:LONGEST]
