"""What the fake Stripe knows: customers, accounts, intents, charges, transfers and refunds."""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from bookings.gateways.objects import CALLED_OFF
from bookings.tests.gateways.stripe_forms import checked

Things = dict[str, dict[str, Any]]
DECLINED = {"pm_card_chargeDeclined": "generic_decline", "pm_card_visa_expired": "expired_card"}
OPEN = {"requires_payment_method", "requires_confirmation", "requires_capture", "processing"}


class StripeRefusalError(Exception):
    """An error of Stripe's that is not about the shape of the body."""

    def __init__(
        self,
        code: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        decline: str = "",
    ) -> None:
        self.code, self.status, self.kind, self.decline = code, status, kind, decline
        super().__init__(code)


@dataclass
class Books:
    """All objects by name, and the events of what happened to them."""

    things: Things = field(default_factory=dict)
    happened: list[dict[str, Any]] = field(default_factory=list)
    _numbers: Any = field(default_factory=count)

    def call(self, method: str, path: str, body: str) -> dict[str, Any]:
        """Carry out one request; the answer is a copy of the thing."""
        for (wanted, pattern), handler in ROUTES.items():
            found = re.fullmatch(pattern, path)
            if method == wanted and found:
                return copy.deepcopy(handler(self, *found.groups(), body))
        raise StripeRefusalError("resource_missing", status=404)

    def new(self, prefix: str, kind: str, **values: Any) -> dict[str, Any]:
        name = f"{prefix}_fake_{next(self._numbers):06d}"
        self.things[name] = {"id": name, "object": kind, "livemode": False, **values}
        return self.things[name]

    def get(self, name: str, kind: str) -> dict[str, Any]:
        found = self.things.get(name)
        if found is None or found["object"] != kind:
            raise StripeRefusalError("resource_missing", status=404)
        return found

    def all(self, kind: str, **values: Any) -> list[dict[str, Any]]:
        wanted = {"object": kind, **values}.items()
        return [each for each in self.things.values() if wanted <= each.items()]

    def tell(self, kind: str, thing: dict[str, Any]) -> None:
        self.happened.append(
            {
                "id": f"evt_fake_{next(self._numbers):06d}",
                "object": "event",
                "type": kind,
                "data": {"object": copy.deepcopy(thing)},
            }
        )


def make_customer(books: Books, body: str) -> dict[str, Any]:
    return books.new("cus", "customer", **checked("CustomerCreateParams", body))


def make_account(books: Books, body: str) -> dict[str, Any]:
    return books.new("acct", "account", **checked("AccountCreateParams", body))


def make_intent(books: Books, body: str) -> dict[str, Any]:
    asked = checked("PaymentIntentCreateParams", body)
    asked["amount"] = int(asked["amount"])
    if asked["amount"] < 50:
        raise StripeRefusalError("amount_too_small")
    for name, kind in (("customer", "customer"), ("on_behalf_of", "account")):
        if name in asked:
            books.get(asked[name], kind)
    if "transfer_data" in asked:
        books.get(asked["transfer_data"]["destination"], "account")
    elif "application_fee_amount" in asked:
        raise StripeRefusalError("parameter_invalid")
    made = books.new(
        "pi",
        "payment_intent",
        **{"capture_method": "automatic", "metadata": {}, **asked},
        status="requires_payment_method",
        amount_received=0,
        latest_charge=None,
        last_payment_error=None,
    )
    made["client_secret"] = f"{made['id']}_secret_fake"
    return made


def read_intent(books: Books, name: str, query: str) -> dict[str, Any]:
    found = copy.deepcopy(books.get(name, "payment_intent"))
    if "latest_charge" in parse_qs(query).get("expand[0]", []) and found["latest_charge"]:
        found["latest_charge"] = books.get(found["latest_charge"], "charge")
    return found


def confirm_intent(books: Books, name: str, body: str) -> dict[str, Any]:
    asked = checked("PaymentIntentConfirmParams", body)
    intent = books.get(name, "payment_intent")
    if intent["status"] not in OPEN:
        raise StripeRefusalError("payment_intent_unexpected_state")
    charge = books.new("ch", "charge", payment_intent=name, amount=intent["amount"], transfer=None)
    intent["latest_charge"], intent["last_payment_error"] = charge["id"], None
    decline = DECLINED.get(asked.get("payment_method", ""))
    if decline:
        intent["status"] = "requires_payment_method"
        intent["last_payment_error"] = {
            "type": "card_error",
            "code": "card_declined",
            "decline_code": decline,
            "charge": charge["id"],
        }
        books.tell("payment_intent.payment_failed", intent)
        raise StripeRefusalError("card_declined", status=402, kind="card_error", decline=decline)
    if intent["capture_method"] == "manual":
        intent["status"] = "requires_capture"
        return intent
    return _succeed(books, intent)


def capture_intent(books: Books, name: str, body: str) -> dict[str, Any]:
    checked("PaymentIntentCaptureParams", body)
    intent = books.get(name, "payment_intent")
    if intent["status"] != "requires_capture":
        raise StripeRefusalError("payment_intent_unexpected_state")
    return _succeed(books, intent)


def _succeed(books: Books, intent: dict[str, Any]) -> dict[str, Any]:
    intent.update(status="succeeded", amount_received=intent["amount"])
    charge = books.get(intent["latest_charge"], "charge")
    if "transfer_data" in intent:
        account = intent["transfer_data"]["destination"]
        moved = books.new(
            "tr", "transfer", amount=intent["amount"], destination=account, reversed=0
        )
        charge["transfer"] = moved["id"]
        if fee := int(intent.get("application_fee_amount") or 0):
            books.new("fee", "application_fee", amount=fee, charge=charge["id"], refunded=0)
    books.tell("payment_intent.succeeded", intent)
    books.tell("charge.succeeded", charge)
    return intent


def cancel_intent(books: Books, name: str, body: str) -> dict[str, Any]:
    checked("PaymentIntentCancelParams", body)
    intent = books.get(name, "payment_intent")
    if intent["status"] not in OPEN:
        raise StripeRefusalError("payment_intent_unexpected_state")
    intent["status"] = CALLED_OFF
    books.tell(f"payment_intent.{CALLED_OFF}", intent)
    return intent


def make_refund(books: Books, body: str) -> dict[str, Any]:
    asked = checked("RefundCreateParams", body)
    intent = books.get(asked["payment_intent"], "payment_intent")
    given = sum(each["amount"] for each in books.all("refund", payment_intent=intent["id"]))
    amount = int(asked["amount"])
    if intent["status"] != "succeeded":
        raise StripeRefusalError("charge_not_refundable")
    if given + amount > intent["amount_received"]:
        raise StripeRefusalError("charge_already_refunded")
    _return_from_account(books, intent, amount, asked)
    made = books.new(
        "re",
        "refund",
        payment_intent=intent["id"],
        charge=intent["latest_charge"],
        amount=amount,
        currency=intent["currency"],
        status="succeeded",
        metadata=asked.get("metadata") or {},
    )
    books.tell("refund.created", made)
    books.tell("refund.updated", made)
    return made


def _return_from_account(
    books: Books, intent: dict[str, Any], amount: int, asked: dict[str, Any]
) -> None:
    charge = books.get(intent["latest_charge"], "charge")
    if not charge["transfer"]:
        if asked.get("reverse_transfer") or asked.get("refund_application_fee"):
            raise StripeRefusalError("parameter_invalid")
        return
    if asked.get("reverse_transfer"):
        books.get(charge["transfer"], "transfer")["reversed"] += amount
    if asked.get("refund_application_fee"):
        for fee in books.all("application_fee", charge=charge["id"]):
            fee["refunded"] += fee["amount"] * amount // intent["amount"]


def list_refunds(books: Books, query: str) -> dict[str, Any]:
    wanted = parse_qs(query)["payment_intent"][0]
    found = books.all("refund", payment_intent=wanted)
    return {"object": "list", "url": "/v1/refunds", "has_more": False, "data": found}


def make_transfer(books: Books, body: str) -> dict[str, Any]:
    asked = checked("TransferCreateParams", body)
    books.get(asked["destination"], "account")
    asked["amount"] = int(asked["amount"])
    return books.new("tr", "transfer", **asked, amount_reversed=0)


def read_transfer(books: Books, name: str, query: str) -> dict[str, Any]:
    return books.get(name, "transfer")


def reverse_transfer(books: Books, name: str, body: str) -> dict[str, Any]:
    amount = int(checked("TransferCreateReversalParams", body)["amount"])
    transfer = books.get(name, "transfer")
    if transfer["amount_reversed"] + amount > transfer["amount"]:
        raise StripeRefusalError("amount_too_large")
    transfer["amount_reversed"] += amount
    return books.new("trr", "transfer_reversal", transfer=name, amount=amount)


def make_link(books: Books, body: str) -> dict[str, Any]:
    asked = checked("AccountLinkCreateParams", body)
    books.get(asked["account"], "account")
    return {"object": "account_link", "url": f"https://connect.example/{asked['account']}"}


ROUTES: dict[tuple[str, str], Callable[..., dict[str, Any]]] = {
    ("POST", "/v1/customers"): make_customer,
    ("POST", "/v1/accounts"): make_account,
    ("POST", "/v1/payment_intents"): make_intent,
    ("GET", "/v1/payment_intents/([a-z0-9_]+)"): read_intent,
    ("POST", "/v1/payment_intents/([a-z0-9_]+)/confirm"): confirm_intent,
    ("POST", "/v1/payment_intents/([a-z0-9_]+)/capture"): capture_intent,
    ("POST", "/v1/payment_intents/([a-z0-9_]+)/cancel"): cancel_intent,
    ("POST", "/v1/refunds"): make_refund,
    ("GET", "/v1/refunds"): list_refunds,
    ("POST", "/v1/transfers"): make_transfer,
    ("GET", "/v1/transfers/([a-z0-9_]+)"): read_transfer,
    ("POST", "/v1/transfers/([a-z0-9_]+)/reversals"): reverse_transfer,
    ("POST", "/v1/account_links"): make_link,
}
