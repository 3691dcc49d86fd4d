"""Disputes: the money is frozen, and goes where staff decide, to the last coin."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.groups import FINANCE
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from bookings.models import Payment, Refund
from bookings.payment_exceptions import SamePersonError
from bookings.sale_exceptions import (
    DecisionWaitsError,
    DisputeTimeOverError,
    NoDecisionError,
    NotBuyerError,
    NotDisputedError,
    NotHeldError,
    OwnSaleError,
    SaleDisputedError,
)
from bookings.services.disputes import (
    agree_to_decision,
    decide_dispute,
    open_dispute,
    refuse_decision,
    withdraw_dispute,
)
from bookings.services.handover_codes import hand_over, issue_code
from bookings.services.refunds import approve_refund, request_refund
from bookings.services.releasing import confirm_handover, release_lapsed
from bookings.services.sale_refunds import refund_sale
from bookings.tests.paying import carry_out_refunds
from bookings.tests.selling import balances, days_pass, paid_out, sold, states, with_account
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import InvalidInputError, NotAllowedError
from messaging.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.capability("K17")]

DISPUTED = ("disputed", "frozen", "sold")


@pytest.fixture
def judge():
    return staff_in(FINANCE)


def disputed(**product):
    sale = sold(ProductFactory(**product))
    return open_dispute(sale=sale, actor=sale.buyer, reason="It is broken")


def payment_of(sale):
    return Payment.objects.get(transaction=sale)


def test_a_dispute_freezes_the_money_and_tells_the_seller():
    sale = disputed()

    assert states(sale) == DISPUTED
    assert (sale.dispute_opened_by, sale.dispute_reason) == (sale.buyer, "It is broken")
    assert Notification.objects.get(type="dispute_opened").user == sale.seller


def test_nothing_moves_frozen_money_but_a_decision():
    sale = sold()
    code = issue_code(sale=sale, actor=sale.buyer).code
    open_dispute(sale=sale, actor=sale.buyer, reason="It is broken")
    payment = payment_of(sale)
    before = balances(payment)
    days_pass(sale)

    for attempt in (
        lambda: hand_over(sale=sale, actor=sale.seller, code=code),
        lambda: confirm_handover(sale=sale, actor=sale.buyer),
        lambda: issue_code(sale=sale, actor=sale.buyer),
        lambda: refund_sale(sale=sale, actor=sale.seller, reason="goodwill"),
        lambda: request_refund(
            payment=payment, amount=Decimal(1), reason="goodwill", actor=sale.seller
        ),
    ):
        with pytest.raises(SaleDisputedError):
            attempt()
    assert release_lapsed() == 0
    with_account(sale.seller)
    paid_out(sale)

    assert states(sale) == DISPUTED
    assert balances(payment) == before
    assert not Refund.objects.exists()


def test_a_refund_that_waited_for_a_second_person_waits_for_the_decision(judge):
    sale = sold(ProductFactory(price=Decimal(20_000)))
    asked = refund_sale(sale=sale, actor=sale.seller, reason="goodwill", amount=Decimal(15_000))
    open_dispute(sale=sale, actor=sale.buyer, reason="It is broken")

    with pytest.raises(SaleDisputedError):
        approve_refund(refund=asked, actor=judge)

    asked.refresh_from_db()
    assert asked.status == "requested"


def test_only_the_buyer_disputes_and_only_held_money():
    sale, done = sold(), sold()
    confirm_handover(sale=done, actor=done.buyer)

    for actor in (sale.seller, UserFactory(), staff_in(FINANCE)):
        with pytest.raises(NotBuyerError):
            open_dispute(sale=sale, actor=actor, reason="x")
    with pytest.raises(NotHeldError):
        open_dispute(sale=done, actor=done.buyer, reason="x")
    late = days_pass(sale)
    with pytest.raises(DisputeTimeOverError):
        open_dispute(sale=late, actor=late.buyer, reason="x")

    assert states(sale) == ("completed", "held", "sold")


def test_a_dispute_that_is_taken_back_leaves_a_day_at_least():
    sale = disputed()
    days_pass(sale)

    withdraw_dispute(sale=sale, actor=sale.buyer)

    assert states(sale) == ("completed", "held", "sold")
    assert sale.dispute_outcome == "withdrawn"
    assert sale.auto_release_at - sale.dispute_decided_at >= timedelta(days=1)
    assert release_lapsed() == 0
    with pytest.raises(NotDisputedError):
        withdraw_dispute(sale=sale, actor=sale.buyer)
    again = open_dispute(sale=sale, actor=sale.buyer, reason="Still broken")
    assert (again.dispute_outcome, again.dispute_decided_at) == ("", None)


def test_a_decision_for_the_seller_releases_all(judge):
    sale = disputed()

    decide_dispute(sale=sale, actor=judge, outcome="released", note="As described")

    assert states(sale) == ("completed", "released", "sold")
    assert balances(payment_of(sale)) == {
        "gateway_clearing": 200,
        "seller": -190,
        "platform_fee": -10,
    }
    told = Notification.objects.filter(type="dispute_decided").values_list("user", flat=True)
    assert set(told) == {sale.buyer_id, sale.seller_id}
    assert sale.dispute_decided_by == judge


def test_a_decision_for_the_buyer_gives_all_back_with_the_fee(judge):
    sale = disputed()

    decide_dispute(sale=sale, actor=judge, outcome="refunded", note="Broken indeed")
    payment = carry_out_refunds(payment_of(sale))

    assert states(sale) == ("refunded", "returned", "sold")
    assert (payment.status, payment.refunded_amount) == ("refunded", 200)
    assert balances(payment) == {}
    refund = Refund.objects.get()
    assert (refund.reason, refund.requested_by) == ("dispute", judge)


@pytest.mark.parametrize(
    ("currency", "price", "part", "fee", "fee_back"),
    [
        ("AED", "200.00", "60.00", "10.00", "3.00"),
        ("AED", "99.90", "33.33", "5.00", "1.67"),
        ("JPY", "1001", "334", "50", "17"),
        ("KWD", "12.345", "4.115", "0.617", "0.206"),
    ],
)
def test_a_split_adds_up_to_the_last_coin(judge, currency, price, part, fee, fee_back):
    sale = disputed(currency=currency, price=Decimal(price))
    with_account(sale.seller)

    decide_dispute(
        sale=sale, actor=judge, outcome="split", refund_amount=Decimal(part), note="Half and half"
    )
    payment = carry_out_refunds(payment_of(sale))
    paid_out(sale)

    assert states(sale) == ("completed", "released", "sold")
    refund = Refund.objects.get()
    assert (str(sale.platform_fee.normalize()), refund.amount) == (
        str(Decimal(fee).normalize()),
        Decimal(part),
    )
    assert refund.platform_fee == Decimal(fee_back)
    kept = Decimal(fee) - Decimal(fee_back)
    assert balances(payment) == {"platform_fee": -kept, "gateway_clearing": kept}
    entry = payment.entries.get(step="payout:1", account="seller")
    assert entry.amount == Decimal(price) - Decimal(part) - kept


@pytest.mark.parametrize("part", [None, "0", "200", "200.01", "0.001", "-1"])
def test_a_split_names_a_part(judge, part):
    sale = disputed()

    with pytest.raises(InvalidInputError):
        decide_dispute(
            sale=sale,
            actor=judge,
            outcome="split",
            refund_amount=part and Decimal(part),
            note="x",
        )

    assert states(sale) == DISPUTED


def test_nobody_decides_about_a_sale_of_their_own_nor_without_permission(judge):
    product = ProductFactory(seller=judge)
    sale = sold(product)
    open_dispute(sale=sale, actor=sale.buyer, reason="x")

    with pytest.raises(OwnSaleError):
        decide_dispute(sale=sale, actor=judge, outcome="released", note="mine")
    for actor in (sale.buyer, UserFactory(), UserFactory(staff=True)):
        with pytest.raises(NotAllowedError):
            decide_dispute(sale=sale, actor=actor, outcome="refunded", note="x")

    assert states(sale) == DISPUTED


def test_above_the_limit_a_second_person_agrees(judge):
    sale = disputed(price=Decimal(20_000))
    second = staff_in(FINANCE)

    proposed = decide_dispute(sale=sale, actor=judge, outcome="refunded", note="Broken")
    assert states(sale) == DISPUTED
    assert (proposed.dispute_first_by, proposed.dispute_decided_at) == (judge, None)
    assert not Refund.objects.exists()
    with pytest.raises(SamePersonError):
        agree_to_decision(sale=sale, actor=judge)
    with pytest.raises(DecisionWaitsError):
        decide_dispute(sale=sale, actor=second, outcome="released", note="No")

    agree_to_decision(sale=sale, actor=second)

    assert states(sale) == ("refunded", "returned", "sold")
    refund = Refund.objects.get()
    assert (refund.requested_by, refund.approved_by) == (judge, second)
    with pytest.raises(NotDisputedError):
        agree_to_decision(sale=sale, actor=second)


def test_a_refused_decision_leaves_everything_open(judge):
    sale = disputed(price=Decimal(20_000))
    with pytest.raises(NoDecisionError):
        refuse_decision(sale=sale, actor=judge, reason="x")
    decide_dispute(sale=sale, actor=judge, outcome="refunded", note="Broken")

    refuse_decision(sale=sale, actor=staff_in(FINANCE), reason="Not proven")

    assert states(sale) == DISPUTED
    assert (sale.dispute_outcome, sale.dispute_first_by) == ("", None)
    decide_dispute(sale=sale, actor=judge, outcome="released", note="As described")
    agree_to_decision(sale=sale, actor=staff_in(FINANCE))
    assert states(sale) == ("completed", "released", "sold")
