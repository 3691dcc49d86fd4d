"""What the built-in gateway knows of the demo's payments, so that it can be asked about them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from bookings.choices import FactKind, GatewayName
from bookings.gateways.built_in import BuiltInGateway
from bookings.gateways.payments import minor_of
from bookings.models import Payment, PaymentFact
from bookings.services.facts import refund_in

BATCH = 2000


def teach_gateway() -> int:
    """Tell the built-in gateway of every payment that was written past it; returns how many.

    What it knows already stays as it is there. It keeps a file of its own, outside any database.
    """
    rows = Payment.objects.filter(gateway=GatewayName.TEST).exclude(stripe_payment_intent_id="")
    rows, taught = rows.order_by("pk"), 0
    page = list(rows[:BATCH])
    while page:
        taught += BuiltInGateway().learn(_states(page))
        page = list(rows.filter(pk__gt=page[-1].pk)[:BATCH])
    return taught


def _states(payments: list[Payment]) -> Iterator[dict[str, Any]]:
    facts: dict[Any, list[PaymentFact]] = defaultdict(list)
    for fact in PaymentFact.objects.filter(payment__in=payments).order_by("pk"):
        facts[fact.payment_id].append(fact)
    for payment in payments:
        yield _state(payment, {fact.kind: fact for fact in facts[payment.pk]}) | {
            "refunds": list(_refunds(payment, facts[payment.pk]))
        }


def _state(payment: Payment, facts: dict[str, PaymentFact]) -> dict[str, Any]:
    """The intent, as the gateway would have it after what it said."""
    name, amount = payment.stripe_payment_intent_id, minor_of(payment.amount, payment.currency)
    came, failed = facts.get(FactKind.SUCCEEDED), facts.get(FactKind.FAILED)
    waits = facts.get(FactKind.PROCESSING)
    status = "succeeded" if came else "processing" if waits else "requires_payment_method"
    latest = came or waits or failed
    error = {"code": failed.code, "charge": failed.provider_ref} if failed and not came else None
    return {
        "id": name,
        "status": status,
        "amount": amount,
        "amount_received": amount if came else 0,
        "currency": payment.currency.lower(),
        "client_secret": f"{name}_secret_{payment.pk.hex}",
        "metadata": {"payment": str(payment.pk), "reference": payment.reference},
        "latest_charge": latest.provider_ref if latest else None,
        "last_payment_error": error,
        "livemode": False,
    }


def _refunds(payment: Payment, facts: list[PaymentFact]) -> Iterator[dict[str, Any]]:
    states = {FactKind.REFUNDED: "succeeded", FactKind.REFUND_FAILED: "failed"}
    for fact in facts:
        if fact.kind in states:
            ours, code = refund_in(fact)
            yield {
                "id": fact.provider_ref,
                "payment_intent": payment.stripe_payment_intent_id,
                "amount": minor_of(fact.amount, fact.currency),
                "currency": fact.currency.lower(),
                "status": states[FactKind(fact.kind)],
                "failure_reason": code,
                "metadata": {"refund": ours.hex if ours else ""},
            }
