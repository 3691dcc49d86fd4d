"""The built-in gateway: it takes no money, and otherwise does what a real one does."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest

from bookings.gateways.built_in import BuiltInGateway
from bookings.gateways.payments import (
    Charge,
    GatewayDownError,
    GatewayRefusalError,
    amount_of,
    minor_of,
)

pytestmark = pytest.mark.capability("R16")


@pytest.fixture(autouse=True)
def _own_file(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def charge(key="k", amount=1000):
    return Charge(key=key, payment=str(uuid4()), reference="PY-1", amount=amount, currency="AED")


def test_the_same_key_gives_the_same_intent_and_another_body_is_refused():
    gateway, asked = BuiltInGateway(), charge()

    first, again = gateway.create_intent(asked), gateway.create_intent(asked)

    assert first.intent == again.intent
    assert first.secret.startswith(f"{first.intent}_secret_")
    assert first.secret not in repr(first)
    with pytest.raises(GatewayRefusalError):
        gateway.create_intent(charge(amount=2000))


def test_at_once_one_key_makes_one_intent():
    asked = charge()

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: BuiltInGateway().create_intent(asked).intent, range(24)))

    assert len(set(made)) == 1


def test_no_more_goes_back_than_came():
    gateway = BuiltInGateway()
    intent = gateway.create_intent(charge()).intent

    def give_back(amount, key):
        return gateway.refund(intent, amount=amount, currency="AED", refund="", key=key)

    with pytest.raises(GatewayRefusalError):
        give_back(1, "early")
    gateway.simulate(intent, "succeed")
    assert len(give_back(600, "a").facts) == 2
    assert len(give_back(600, "a").facts) == 2
    with pytest.raises(GatewayRefusalError):
        give_back(401, "b")
    assert len(give_back(400, "c").facts) == 3


def test_what_is_over_is_neither_paid_nor_called_off():
    gateway = BuiltInGateway()
    paid, off = (gateway.create_intent(charge(key)).intent for key in "ab")
    gateway.simulate(paid, "succeed")

    assert [fact.kind for fact in gateway.cancel(paid, key="x").facts] == ["succeeded"]
    assert [fact.kind for fact in gateway.cancel(off, key="y").facts] == ["cancelled"]
    for intent in (paid, off):
        with pytest.raises(GatewayRefusalError):
            gateway.simulate(intent, "succeed")
    with pytest.raises(GatewayRefusalError):
        gateway.retrieve("test_pi_nobody")


def test_a_folder_that_cannot_be_used_is_an_outage(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file"

    with pytest.raises(GatewayDownError):
        BuiltInGateway().retrieve("x")


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("10.50", "AED", 1050), ("10", "JPY", 10), ("1.234", "KWD", 1234), ("5", "ISK", 500)],
)
def test_minor_units_are_those_of_the_currency_and_of_stripe(amount, currency, minor):
    assert minor_of(Decimal(amount), currency) == minor
    assert amount_of(minor, currency.lower()) == Decimal(amount)
