"""The market of the demo: conversations, offers and sales, this app's part of the seed."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from bookings.demo_numbers import PAYMENT, REFUND, TRANSACTION, add_receipts, add_references
from bookings.demo_payments import facts, messages_about
from bookings.demo_refunds import facts_of_refunds
from bookings.demo_sales import (
    claims_of,
    ledger_of,
    payment_of,
    refund_of,
    reviews_of,
    sale_of,
    shadow_product,
    stands,
)
from bookings.demo_trade import Trade, add_offers, talk_of
from bookings.models import Payment, Refund, Transaction
from catalog.models import Product
from config.shared.seeding import Seed
from messaging.demo_talk import rows_of

# A payment with the deal that it belongs to, and what of it went back.
Paid = tuple[Trade, Payment, Refund | None]
DATA = Path(__file__).resolve().parent / "demo_data"


@cache
def table() -> list[dict[str, Any]]:
    """What ``market.toml`` says."""
    found = tomllib.loads((DATA / "market.toml").read_text(encoding="utf-8"))
    deals: list[dict[str, Any]] = found["deals"]
    return deals


def add_market(seed: Seed, people: dict[str, User]) -> None:
    """Add what buyers and sellers have said, offered, agreed and paid."""
    seed.step("the market", 0.0)
    with transaction.atomic():
        trades = [_trade(seed, words, people) for words in table()]
        for trade in trades:
            add_offers(trade)
        sold = [(trade, sale_of(trade)) for trade in trades if stands(trade)]
        add_references(TRANSACTION, [made for _, made in sold])
        money = list(_money(sold))
        add_references(PAYMENT, [row for _, row, _ in money])
        add_receipts([row for _, row, _ in money])
        add_references(REFUND, [back for *_, back in money if back is not None])
        known = set(Transaction.objects.values_list("pk", flat=True))
        seed.add([*_words(trades), *_deals(sold), *_books(seed, money)])
        for trade, made in sold:
            if made.pk not in known:
                shadow_product(trade, made)


def _trade(seed: Seed, words: dict[str, Any], people: dict[str, User]) -> Trade:
    found = Product.objects.select_related("seller")
    product = found.get(pk=seed.key("product", words["product"]))
    return Trade(seed, words, product, people[words["buyer"]], people["finance"])


def _words(trades: list[Trade]) -> Iterator[Model]:
    for trade in trades:
        yield from rows_of(talk_of(trade))
        yield from trade.offers


def _deals(sold: list[tuple[Trade, Transaction]]) -> Iterator[Model]:
    for trade, made in sold:
        yield made
        yield from claims_of(trade, made)
        yield from reviews_of(trade, made)


def _money(sold: list[tuple[Trade, Transaction]]) -> Iterator[Paid]:
    for trade, made in sold:
        row = payment_of(trade, made)
        if row is not None:
            yield trade, row, refund_of(trade, row)


def _books(seed: Seed, money: list[Paid]) -> Iterator[Model]:
    payments = [row for _, row, _ in money]
    refunds = [back for *_, back in money if back is not None]
    yield from payments
    yield from refunds
    yield from facts(seed, payments)
    yield from facts_of_refunds(seed, refunds)
    yield from messages_about(seed, payments)
    for trade, row, back in money:
        yield from ledger_of(trade, row, back)
