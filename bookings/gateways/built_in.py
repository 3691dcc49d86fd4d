"""The built-in test gateway: takes no money, and otherwise does what a real one does.

It keeps what it knows in files of its own in the data folder, outside our database, so that
an interrupted call leaves behind what an interrupted call to a real gateway would. Its objects
and its signed messages have the shapes of Stripe's.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings

from bookings.choices import GatewayName
from bookings.gateways.objects import CALLED_OFF, read_event, report_of_intent
from bookings.gateways.payments import (
    Charge,
    GatewayDownError,
    GatewayEvent,
    GatewayRefusalError,
    Passed,
    Report,
    amount_of,
)
from bookings.gateways.shelf import Shelf, locked_shelf
from bookings.gateways.signatures import check_signature, sign

SIGNATURE_HEADER = "X-Test-Gateway-Signature"
FOLDER = "test-gateway"
INTENTS, KEYS, TRANSFERS = "intents", "keys", "transfers"
PATIENCE_SECONDS = 10
SUCCEED, DECLINE, PROCESSING = "succeed", "decline", "processing"
OUTCOMES = (SUCCEED, DECLINE, PROCESSING)
EVENT_OF = {
    SUCCEED: "payment_intent.succeeded",
    DECLINE: "payment_intent.payment_failed",
    PROCESSING: "payment_intent.processing",
}


class BuiltInGateway:
    """Payments that succeed, fail or wait as whoever tries Courtyard wishes."""

    name = GatewayName.TEST

    def create_intent(self, charge: Charge) -> Report:
        def make(rows: Shelf) -> dict[str, Any]:
            name = f"test_pi_{uuid4().hex}"
            return {
                "id": name,
                "status": "requires_payment_method",
                "amount": charge.amount,
                "amount_received": 0,
                "currency": charge.currency.lower(),
                "client_secret": f"{name}_secret_{uuid4().hex}",
                "metadata": {"payment": charge.payment, "reference": charge.reference},
                "latest_charge": None,
                "last_payment_error": None,
                "livemode": False,
                "refunds": [],
            }

        return self._once(charge.key, [charge.payment, charge.amount, charge.currency], make)

    def retrieve(self, intent: str) -> Report:
        with _open() as rows:
            return _report(_read(rows, intent))

    def capture(self, intent: str, *, key: str) -> Report:
        # Money is never only reserved here: what succeeded has been captured.
        return self.retrieve(intent)

    def cancel(self, intent: str, *, key: str) -> Report:
        with _open() as rows:
            state = _read(rows, intent)
            if state["status"] != "succeeded":
                state["status"] = CALLED_OFF
                _write(rows, state)
        return _report(state)

    def refund(self, intent: str, *, amount: int, currency: str, refund: str, key: str) -> Report:
        def make(rows: Shelf) -> dict[str, Any]:
            state = _read(rows, intent)
            given = sum(each["amount"] for each in state["refunds"] if each["status"] != "failed")
            if state["status"] != "succeeded" or given + amount > state["amount_received"]:
                raise GatewayRefusalError("charge_already_refunded")
            state["refunds"].append(
                {
                    "id": f"test_re_{uuid4().hex}",
                    "payment_intent": intent,
                    "amount": amount,
                    "currency": currency.lower(),
                    "status": "succeeded",
                    "metadata": {"refund": refund},
                }
            )
            return state

        return self._once(key, [intent, amount, currency, refund], make)

    def transfer(self, *, amount: int, currency: str, account: str, source: str, key: str) -> str:
        name = f"test_tr_{_digest(key, account, source)}"
        asked = {"amount": amount, "currency": currency.lower(), "destination": account}
        with _open() as rows:
            found = rows.get(TRANSFERS, name)
            if found is None:
                rows.put(TRANSFERS, name, {"id": name, **asked, "reversals": {}})
            elif any(found[member] != value for member, value in asked.items()):
                raise GatewayRefusalError("idempotency_error")
        return name

    def reverse(self, transfer: str, *, amount: int, currency: str, key: str) -> str:
        name = f"test_trr_{_digest(key, transfer)}"
        with _open() as rows:
            found = _transfer(rows, transfer)
            taken: dict[str, int] = found["reversals"]
            if name not in taken:
                if sum(taken.values()) + amount > found["amount"]:
                    raise GatewayRefusalError("amount_too_large")
                taken[name] = amount
                rows.put(TRANSFERS, transfer, found)
        return name

    def transferred(self, transfer: str) -> Passed:
        with _open() as rows:
            found = _transfer(rows, transfer)
        currency = found["currency"].upper()
        taken = sum(found["reversals"].values())
        return Passed(amount_of(found["amount"], currency), amount_of(taken, currency))

    def customer(self, *, user: str, key: str) -> str:
        return ""

    def account(self, *, user: str, key: str) -> str:
        return f"test_acct_{_digest(key, user)}"

    def onboarding(self, account: str, *, back: str) -> str:
        return ""

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> GatewayEvent:
        given = headers.get(SIGNATURE_HEADER, "")
        check_signature(body, given, secret=_secret(), now=time.time())
        return read_event(body)

    def simulate(self, intent: str, outcome: str) -> tuple[bytes, dict[str, str]]:
        """Let the payer's attempt end in ``outcome``: the signed message about it."""
        with _open() as rows:
            state = _read(rows, intent)
            if state["status"] in {"succeeded", CALLED_OFF}:
                raise GatewayRefusalError("payment_intent_unexpected_state")
            waiting = state["status"] == "processing" and state["latest_charge"]
            charge = waiting or f"test_ch_{uuid4().hex}"
            state["latest_charge"] = charge
            state["last_payment_error"] = None
            if outcome == SUCCEED:
                state.update(status="succeeded", amount_received=state["amount"])
            elif outcome == PROCESSING:
                state["status"] = "processing"
            else:
                state["status"] = "requires_payment_method"
                state["last_payment_error"] = {"code": "card_declined", "charge": charge}
            _write(rows, state)
        return signed_event(EVENT_OF[outcome], _shown(state))

    def learn(self, states: Iterable[dict[str, Any]]) -> int:
        """Take in intents that were made past the gateway, unless it knows them; how many."""
        with _open() as rows:
            unknown = [state for state in states if rows.get(INTENTS, state["id"]) is None]
            for state in unknown:
                _write(rows, state)
        return len(unknown)

    def _once(self, key: str, asked: list[Any], make: Callable[[Shelf], dict[str, Any]]) -> Report:
        """What ``make`` makes, the first time that ``key`` is seen; after that, the same again."""
        with _open() as rows:
            found = rows.get(KEYS, key)
            if found is None:
                state = make(rows)
                _write(rows, state)
                rows.put(KEYS, key, {"asked": asked, "made": state["id"]})
                return _report(state)
            if found["asked"] != asked:
                raise GatewayRefusalError("idempotency_error")
            return _report(_read(rows, found["made"]))


def signed_event(
    kind: str, thing: Mapping[str, Any], *, name: str = "", at: int | None = None
) -> tuple[bytes, dict[str, str]]:
    """A message of this gateway about ``thing``, with the header that it is sent with."""
    sent = int(time.time()) if at is None else at
    event = {
        "id": name or f"test_evt_{uuid4().hex}",
        "type": kind,
        "created": sent,
        "livemode": False,
        "data": {"object": thing},
    }
    body = json.dumps(event).encode()
    return body, {SIGNATURE_HEADER: sign(body, secret=_secret(), at=sent)}


def _secret() -> str:
    """Nobody but this site signs: the secret follows from its own."""
    return hmac.new(settings.SECRET_KEY.encode(), b"test gateway", hashlib.sha256).hexdigest()


@contextmanager
def _open() -> Iterator[Shelf]:
    """What the gateway knows, for one caller at a time."""
    try:
        folder = Path(settings.DATA_DIR) / FOLDER
        with locked_shelf(folder, patience=PATIENCE_SECONDS) as rows:
            yield rows
    except OSError as error:
        raise GatewayDownError("The test gateway's files cannot be used.") from error


def _digest(*parts: str) -> str:
    return hashlib.sha256(":".join(parts).encode()).hexdigest()[:32]


def _transfer(rows: Shelf, name: str) -> dict[str, Any]:
    found: dict[str, Any] | None = rows.get(TRANSFERS, name)
    if found is None:
        raise GatewayRefusalError("resource_missing")
    return found


def _read(rows: Shelf, intent: str) -> dict[str, Any]:
    state: dict[str, Any] | None = rows.get(INTENTS, intent)
    if state is None:
        raise GatewayRefusalError("resource_missing")
    return state


def _write(rows: Shelf, state: dict[str, Any]) -> None:
    rows.put(INTENTS, state["id"], state)


def _shown(state: dict[str, Any]) -> dict[str, Any]:
    """What a message says of an intent: all but its secret and its refunds."""
    hidden = {"client_secret", "refunds"}
    return {name: value for name, value in state.items() if name not in hidden}


def _report(state: dict[str, Any]) -> Report:
    return report_of_intent(state, state["refunds"])
