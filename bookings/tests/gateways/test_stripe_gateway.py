"""The gateway of Stripe by itself: what it asks, and what it makes of the answers."""

import pytest

from bookings.gateways.payments import Charge, GatewayDownError, GatewayRefusalError
from bookings.gateways.stripe_payments import StripeGateway

pytestmark = pytest.mark.capability("R16")

CARD = "payment_method=pm_card_visa"


def test_an_account_that_is_connected_gets_the_money_less_the_fee(stripe):
    gateway = StripeGateway()
    account = stripe.books.new("acct", "account")
    made = gateway.create_intent(
        Charge(
            key="cy:1:intent",
            payment="1",
            reference="PY-1",
            amount=100_000,
            currency="AED",
            fee=2_500,
            account=account["id"],
        )
    )
    stripe._carried_out("POST", f"/v1/payment_intents/{made.intent}/confirm", CARD)

    report = gateway.retrieve(made.intent)
    gateway.refund(made.intent, amount=40_000, currency="AED", refund="a" * 32, key="cy:refund:1")

    (moved,) = stripe.books.all("transfer")
    (fee,) = stripe.books.all("application_fee")
    assert (report.transfer, moved["destination"]) == (moved["id"], account["id"])
    assert (moved["amount"], moved["reversed"]) == (100_000, 40_000)
    assert (fee["amount"], fee["refunded"]) == (2_500, 1_000)
    assert gateway.transfer(
        amount=500, currency="AED", account=account["id"], source="ch_1", key="cy:transfer:1"
    ).startswith("tr_")


def test_the_same_key_gives_the_same_intent_and_another_body_is_refused(stripe):
    gateway = StripeGateway()

    def ask(amount):
        return gateway.create_intent(
            Charge(key="k", payment="1", reference="PY-1", amount=amount, currency="AED")
        ).intent

    assert ask(1000) == ask(1000)
    with pytest.raises(GatewayRefusalError):
        ask(2000)
    with pytest.raises(GatewayRefusalError) as refused:
        gateway.create_intent(
            Charge(key="k2", payment="1", reference="PY-1", amount=1, currency="AED")
        )
    assert refused.value.code == "amount_too_small"
    assert len(stripe.books.all("payment_intent")) == 1


def test_a_wrong_key_or_a_dead_line_is_an_outage(stripe, settings):
    settings.STRIPE_SECRET_KEY = "sk_wrong"
    with pytest.raises(GatewayDownError):
        StripeGateway().retrieve("pi_1")

    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(GatewayDownError):
        StripeGateway().retrieve("pi_1")


def test_the_fake_refuses_what_stripe_would(stripe):
    bodies = {
        "amount=1000": ("parameter_missing", "currency"),
        "amount=1000&currency=aed&platform_fee=1": ("parameter_unknown", "platform_fee"),
        "amount=many&currency=aed": ("parameter_invalid", "amount"),
        "amount=1000&currency=aed&transfer_data[amount]=1": (
            "parameter_missing",
            "transfer_data[destination]",
        ),
    }

    for body, expected in bodies.items():
        status, document = stripe._carried_out("POST", "/v1/payment_intents", body)
        error = document["error"]
        assert (status, error["code"], error["param"]) == (400, *expected)
