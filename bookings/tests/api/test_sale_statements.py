"""A seller's month: it adds up, it is theirs alone, and its file runs no formula."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.models import LedgerEntry, Payment
from bookings.services.cash_sales import confirm_sale, sell_for_cash
from bookings.services.releasing import confirm_handover
from bookings.services.sale_refunds import refund_sale
from bookings.tests.factories.market import ReservationFactory
from bookings.tests.paying import carry_out_refunds
from bookings.tests.selling import paid_out, sold, with_account
from catalog.tests.factories.market import ProductFactory
from config.shared.clock import database_now

pytestmark = [pytest.mark.django_db, pytest.mark.capability("K40")]

PAGE = "/api/v1/transactions/statement/"
FILE = "/api/v1/transactions/statement.csv"


def figures(client, query=""):
    return {row["currency"]: row for row in client.get(f"{PAGE}{query}").data["accounts"]}


def adds_up(row):
    number = {name: Decimal(value) for name, value in row.items() if name != "currency"}
    plus = number["opening"] + number["sales"] + number["fees_returned"]
    plus += number["payouts_returned"]
    minus = number["fees"] + number["refunds"] + number["payouts"]
    parts = number["closing_held"] + number["closing_due"]
    return plus - minus == number["closing"] == parts


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def a_busy_month(seller, **product):
    """One sale paid out and refunded in part, one released, one held, one in cash."""
    with_account(seller)
    first = sold(ProductFactory(seller=seller, **product))
    confirm_handover(sale=first, actor=first.buyer)
    paid_out(first)
    refund_sale(sale=first, actor=seller, reason="goodwill", amount=Decimal(60))
    carry_out_refunds(Payment.objects.get(transaction=first))
    second = sold(ProductFactory(seller=seller))
    confirm_handover(sale=second, actor=second.buyer)
    sold(ProductFactory(seller=seller))
    cash = ReservationFactory(product=ProductFactory(seller=seller), origin="seller")
    cash = sell_for_cash(product=cash.product, actor=seller, buyer=cash.buyer)
    confirm_sale(sale=cash, actor=cash.buyer)


def test_a_month_adds_up_to_the_last_coin():
    seller = UserFactory()
    a_busy_month(seller)
    sold()

    row = figures(client_of(seller))["AED"]

    assert row == {
        "currency": "AED",
        "opening": "0.00",
        "sales": "600.00",
        "sales_count": 3,
        "fees": "30.00",
        "refunds": "60.00",
        "fees_returned": "3.00",
        "payouts": "190.00",
        "payouts_returned": "57.00",
        "closing": "380.00",
        "closing_held": "190.00",
        "closing_due": "190.00",
        "cash_sales": "200.00",
        "cash_sales_count": 1,
    }
    assert adds_up(row)


def test_currencies_stand_apart_each_with_its_own_places():
    seller = UserFactory()
    sold(ProductFactory(seller=seller, currency="KWD", price=Decimal("12.345")))
    sold(ProductFactory(seller=seller, currency="JPY", price=Decimal(1001)))

    found = figures(client_of(seller))

    assert [found["JPY"]["sales"], found["KWD"]["fees"]] == ["1001", "0.617"]
    assert all(map(adds_up, found.values()))


def test_what_a_month_leaves_open_is_where_the_next_begins():
    seller = UserFactory()
    a_busy_month(seller)
    _move_ledger_back(days=40)
    sold(ProductFactory(seller=seller))
    client = client_of(seller)
    past = database_now() - timedelta(days=40)

    before = figures(client, f"?year={past.year}&month={past.month}")["AED"]
    now = figures(client)["AED"]

    assert before["closing"] == "380.00" == now["opening"]
    assert (now["sales"], now["sales_count"], now["payouts"]) == ("200.00", 1, "0.00")
    assert adds_up(before)
    assert adds_up(now)


def test_the_file_has_every_movement_and_they_add_up_to_the_balance():
    seller = UserFactory()
    a_busy_month(seller)
    client = client_of(seller)

    answer = client.get(FILE)
    rows = rows_of(answer)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert [row["kind"] for row in rows].count("sale") == 3
    assert {row["kind"] for row in rows} == {"sale", "refund", "payout", "payout_returned"}
    changes = sum(Decimal(row["balance_change"]) for row in rows)
    assert changes == Decimal(figures(client)["AED"]["closing"])


def test_a_title_is_no_formula_in_the_file():
    seller = UserFactory()
    sold(ProductFactory(seller=seller, title='=HYPERLINK("http://evil")'))

    (row,) = rows_of(client_of(seller).get(FILE))

    assert row["product"].startswith("'=")


def test_others_see_nothing_of_it(api):
    seller = UserFactory()
    sale = sold(ProductFactory(seller=seller))

    assert api.get(PAGE).status_code == 401
    assert api.get(FILE).status_code == 401
    for person in (sale.buyer, UserFactory(superuser=True)):
        assert client_of(person).get(PAGE).data["accounts"] == []
        assert rows_of(client_of(person).get(FILE)) == []


@pytest.mark.parametrize("query", ["?month=13", "?month=0", "?year=1999", "?year=x", "?day=1"])
def test_a_month_that_is_none_is_refused(query):
    client = client_of(UserFactory())

    assert client.get(f"{PAGE}{query}").status_code == 400
    assert client.get(f"{FILE}{query}").status_code == 400


def test_the_statement_costs_the_same_however_much_is_sold(assert_constant_queries):
    seller = UserFactory()
    client = client_of(seller)

    assert_constant_queries(
        lambda: client.get(PAGE), lambda: sold(ProductFactory(seller=seller)), times=3
    )


def _move_ledger_back(*, days):
    """As if what is in the ledger had been posted so many days earlier."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        LedgerEntry.objects.update(at=database_now() - timedelta(days=days))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
