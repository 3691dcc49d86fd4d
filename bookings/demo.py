"""What the demo's customers have agreed with its builders: this app's part of the seed.

Those of ``bookings/demo_data`` are written by hand: bookings in every state, with instalments,
payments, refunds, waiting lists, requests, visits and changes in every state. A larger
community has more of them, put together by chance in ``bookings.demo_blocks``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from bookings.choices import BookingStatus, RefundStatus
from bookings.demo_blocks import add_generated
from bookings.demo_changes import add_changes
from bookings.demo_deals import Deal, audit_of, claims
from bookings.demo_gateway import teach_gateway
from bookings.demo_handovers import contract_of, moved_in
from bookings.demo_instalments import instalments_of
from bookings.demo_market import add_market
from bookings.demo_notices import notices
from bookings.demo_numbers import (
    BOOKING,
    PAYMENT,
    REFUND,
    add_receipts,
    add_references,
)
from bookings.demo_payments import facts, ledger, payments_of, webhooks
from bookings.demo_refunds import (
    facts_of_refunds,
    ledger_of_refunds,
    of_cancellation,
    of_late_money,
    of_table,
)
from bookings.demo_requests import cancellation, lost_claim, transfer, waiting_list
from bookings.demo_shadows import shadow_units
from bookings.demo_visits import visits
from bookings.models import Booking, Refund
from catalog.models import Unit
from config.shared.seeding import Seed

DATA = Path(__file__).resolve().parent / "demo_data"
People = dict[str, User]
Deals = dict[str, Deal]
# Who leads a builder, and who keeps its books, by its demo handle.
TEAMS = {"AED": ("khalid", "zainab"), "INR": ("deepak", "pooja")}


@cache
def table() -> dict[str, Any]:
    """What ``bookings.toml`` says."""
    return tomllib.loads((DATA / "bookings.toml").read_text(encoding="utf-8"))


def build(seed: Seed) -> None:
    """Add bookings, money, waiting lists, requests, visits and change requests."""
    seed.step("bookings", 0.0)
    people = everybody(seed)
    with transaction.atomic():
        deals = deals_of(seed, people)
        requests, refunds = requests_of(seed, deals, people)
        waiting = list(waiting_of(seed, deals, people))
        number_all(deals, refunds)
        known = set(Booking.objects.values_list("pk", flat=True))
        seed.add([*rows_of(seed, deals), *requests, *money_of(seed, deals, refunds), *waiting])
        shadow_units([deal for deal in deals.values() if deal.booking.pk not in known], waiting)
    seed.add(moved_in(seed, deals.values()))
    seed.add(visits(seed, people))
    add_changes(seed, deals, people)
    seed.add(notices(seed, deals))
    add_market(seed, people)
    add_generated(seed)
    # The gateway's file is outside the database, and only learns what has come to stay.
    transaction.on_commit(teach_gateway)


def everybody(seed: Seed) -> People:
    """Everybody whom the bookings name."""
    found = User.objects.filter(external_subject__startswith=f"demo:{seed.number}:")
    return {str(user.external_subject).split(":")[2]: user for user in found}


def deals_of(seed: Seed, people: People) -> Deals:
    """Every booking of ``bookings.toml`` with its instalments and payments."""
    deals: Deals = {}
    for words in [*table()["bookings"], *completed()]:
        unit = unit_of(seed, words["unit"])
        leader, finance = (people[handle] for handle in TEAMS[unit.currency])
        deal = Deal(
            seed=seed,
            key=words["key"],
            words=words,
            unit=unit,
            customer=people[words["customer"]],
            agent=people.get(words.get("agent", "")),
            manager=leader,
            follows=deals.get(words.get("follows", "")),
        )
        deal.booking.contract = contract_of(seed, deal)
        deal.instalments = instalments_of(deal, finance, leader)
        deal.payments = payments_of(deal, finance)
        deals[deal.key] = deal
    for deal in deals.values():
        if deal.follows is not None:
            deal.follows.booking.transferred_to = deal.booking
    return deals


def completed() -> Iterator[dict[str, Any]]:
    """The bookings of the development that was handed over, in the words of the others."""
    words = table()["completed"]
    for block, number, customer, days in words["bookings"]:
        yield {
            "key": f"{words['development']}-{block}-{number}",
            "unit": [words["development"], block, number],
            "customer": customer,
            "agent": words["agent"],
            "status": BookingStatus.COMPLETED,
            "days": days,
            "pay": "bank_transfer" if days % 20 == 0 else "card",
        }


def unit_of(seed: Seed, place: list[str]) -> Unit:
    """A unit by development, block and number."""
    units = Unit.objects.select_related("development__builder")
    return units.get(pk=seed.key("unit", *place))


def requests_of(seed: Seed, deals: Deals, people: People) -> tuple[list[Model], list[Refund]]:
    """Wishes to leave and to pass on, and the money that is given back."""
    leader, finance = (people[handle] for handle in TEAMS["AED"])
    requests: list[Model] = []
    refunds: list[Refund] = []
    for words in table()["cancellations"]:
        deal = deals[words["booking"]]
        request = cancellation(seed, deal, words, (leader, finance))
        requests.append(request)
        if "refund" in words:
            deal.booking.refund_due = request.refund_amount
            status = RefundStatus(words["refund"])
            refunds += of_cancellation(seed, deal, request, status)
    for words in table()["transfers"]:
        deal, successor = deals[words["booking"]], deals.get(words.get("new", ""))
        to = people[words["to"]]
        requests.append(transfer(seed, deal, words, to, leader=leader, successor=successor))
    for words in table()["refunds"]:
        refunds.append(of_table(seed, deals[words["booking"]], words, (finance, leader)))
    for deal in deals.values():
        refunds += of_late_money(seed, deal)
    return requests, refunds


def waiting_of(seed: Seed, deals: Deals, people: People) -> Iterator[Model]:
    """Who waits for which unit, and who asked in vain."""
    for words in table()["waiting"]:
        entries = [
            (people[handle], state, deals[more[0]] if more else None)
            for handle, state, *more in words["people"]
        ]
        yield from waiting_list(seed, unit_of(seed, words["unit"]), entries)
    for words in table()["lost"]:
        yield lost_claim(seed, deals[words["booking"]], people[words["who"]])


def number_all(deals: Deals, refunds: list[Refund]) -> None:
    """References and receipts for everything that is new."""
    payments = [row for deal in deals.values() for row in deal.payments]
    add_references(BOOKING, [deal.booking for deal in deals.values()])
    add_references(PAYMENT, payments)
    add_references(REFUND, refunds)
    add_receipts(payments)


def rows_of(seed: Seed, deals: Mapping[str, Deal]) -> Iterator[Model]:
    """Bookings, with what was written down of their claims and moves."""
    for deal in deals.values():
        yield deal.booking
        yield from deal.instalments
        yield from claims(deal)
        yield from audit_of(deal)


def money_of(seed: Seed, deals: Mapping[str, Deal], refunds: list[Refund]) -> Iterator[Model]:
    """Payments and refunds with facts, messages and the ledger."""
    payments = [row for deal in deals.values() for row in deal.payments]
    yield from payments
    yield from refunds
    yield from facts(seed, payments)
    yield from facts_of_refunds(seed, refunds)
    yield from webhooks(seed, payments)
    yield from ledger(seed, payments)
    yield from ledger_of_refunds(seed, refunds)
