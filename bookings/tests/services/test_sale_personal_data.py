"""What sales keep about a person: taken away on request, in the way while open, forgotten."""

import json

import pytest

from accounts.groups import FINANCE
from accounts.services.erasure import carry_out, obstacles_of, schedule
from accounts.services.settings import change_setting
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from accounts.tests.lives import found_anywhere
from bookings.models import LedgerEntry, Payment, Transaction
from bookings.services.disputes import decide_dispute, open_dispute
from bookings.services.handover_codes import issue_code
from bookings.services.releasing import confirm_handover
from bookings.tests.paying import carry_out_refunds
from bookings.tests.selling import paid_out, sold, states, with_account
from catalog.tests.factories.market import ProductFactory
from config.shared.personal_data import collected
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A23")]


def codes(person):
    return {obstacle.code for obstacle in obstacles_of(person)}


def test_people_take_away_their_sales_without_the_other_side_and_without_codes():
    sale = sold(ProductFactory(title="Sofa"))
    issue_code(sale=sale, actor=sale.buyer)
    open_dispute(sale=sale, actor=sale.buyer, reason="Wobbles")

    mine = collected(sale.buyer)["bookings.sales"]
    theirs = collected(sale.seller)["bookings.sales"]

    assert (mine[0]["product_title"], mine[0]["as_seller"]) == ("Sofa", False)
    assert mine[0]["dispute_reason"] == "Wobbles"
    assert theirs[0]["as_seller"] is True
    assert "dispute_reason" not in theirs[0]
    said = json.dumps([mine, theirs])
    assert str(sale.buyer_id) not in said
    assert str(sale.seller_id) not in said
    assert "handover_code_hash" not in said


def test_money_between_two_people_stands_against_forgetting_either():
    sale = sold()

    assert "sale_open" in codes(sale.buyer)
    assert "sale_open" in codes(sale.seller)
    open_dispute(sale=sale, actor=sale.buyer, reason="x")
    assert "sale_open" in codes(sale.buyer)


def test_money_that_waits_for_its_seller_stands_against_forgetting_them():
    sale = sold()
    confirm_handover(sale=sale, actor=sale.buyer)

    assert codes(sale.buyer) == set()
    assert codes(sale.seller) == {"payout_open"}
    with_account(sale.seller)
    paid_out(sale)
    assert codes(sale.seller) == set()


def test_whoever_is_forgotten_leaves_the_money_and_no_word(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    person = UserFactory(full_name="Zebedee Quagmire", last_name="Quagmire")
    sale = sold(buyer=person)
    open_dispute(sale=sale, actor=person, reason="Quagmire says that it wobbles")
    decide_dispute(sale=sale, actor=staff_in(FINANCE), outcome="refunded", note="It does")
    carry_out_refunds(Payment.objects.get())
    lines = LedgerEntry.objects.count()

    request = schedule(person, asked_by=person, at_once=True)
    carry_out(request_id=request.pk)
    drain()

    assert states(sale) == ("refunded", "returned", "sold")
    assert Transaction.objects.get().dispute_reason == ""
    assert LedgerEntry.objects.count() == lines
    assert found_anywhere("Quagmire") == set()


def test_nobody_takes_away_a_decision_that_waits_for_a_second_person():
    sale = sold(ProductFactory(price=9000))
    open_dispute(sale=sale, actor=sale.buyer, reason="Wobbles")
    change_setting(key="second_person_above", value=100, actor=None, reason="Test")
    decide_dispute(sale=sale, actor=staff_in(FINANCE), outcome="refunded", note="It wobbles badly")

    for person in (sale.buyer, sale.seller):
        (row,) = collected(person)["bookings.sales"]
        assert not {"dispute_outcome", "dispute_refund", "dispute_note"} & row.keys()
        assert "It wobbles badly" not in json.dumps(row)
