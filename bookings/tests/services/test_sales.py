"""Paying for a product: from the reservation to the money, and what comes too late."""

from datetime import timedelta
from decimal import Decimal

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Block
from accounts.services.settings import change_setting
from accounts.tests.factories.people import UserFactory
from bookings.models import ClaimLog, Offer, Payment, Refund, Transaction
from bookings.sale_exceptions import NotBuyerError, ReservationLapsedError, SaleClosedError
from bookings.services.ledger import CAPTURE, CHARGE
from bookings.services.reservations import cancel_reservation
from bookings.services.sale_payments import buy_product, pay_sale
from bookings.tests.factories.market import ReservationFactory, lapse_reservation
from bookings.tests.paying import carry_out_refunds
from bookings.tests.selling import (
    balances,
    begin_purchase,
    paid_out,
    sold,
    states,
    succeed,
    with_account,
)
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import AlreadyClaimedError, DomainError
from messaging.models import Conversation, Message, Notification
from messaging.services.message_notices import JOB as NOTICE_JOB

pytestmark = pytest.mark.django_db


def hold(value):
    change_setting(key="hold_sales", value=value, actor=None, reason="Test")


@pytest.mark.capability("K14")
def test_buying_reserves_the_product_and_money_sells_it():
    product = ProductFactory()

    payment = begin_purchase(product)
    sale = payment.transaction
    before = states(sale)
    succeed(payment)

    assert before == ("pending", "none", "reserved")
    assert states(sale) == ("completed", "held", "sold")
    assert (sale.amount, sale.platform_fee, sale.seller_payout) == (200, 10, 190)
    assert sale.completed_at is not None
    assert sale.auto_release_at - sale.completed_at == timedelta(days=7)
    product.refresh_from_db()
    assert product.sold_at == sale.completed_at
    payment.refresh_from_db()
    assert (payment.purpose, payment.payee_user) == ("sale", product.seller)
    assert payment.receipt_no.startswith("RC-")


@pytest.mark.capability("K14")
def test_the_ledger_holds_the_money_between_the_two():
    payment = Payment.objects.get(transaction=sold())

    steps = {(entry.step, entry.account): entry.amount for entry in payment.entries.all()}

    assert steps == {
        (CHARGE, "customer"): 200,
        (CHARGE, "held"): -190,
        (CHARGE, "platform_fee"): -10,
        (CAPTURE, "gateway_clearing"): 200,
        (CAPTURE, "customer"): -200,
    }


@pytest.mark.capability("K14")
def test_both_are_told_also_in_their_conversation():
    sale = sold()

    told = set(Notification.objects.values_list("user", "type"))
    said = Message.objects.filter(conversation=Conversation.objects.get(product=sale.product))

    assert {(sale.buyer_id, "sale_paid"), (sale.seller_id, "product_sold")} <= told
    assert [message.flags for message in said] == [["sale_paid"]]
    assert not ProcrastinateJob.objects.filter(task_name=NOTICE_JOB).exists()


@pytest.mark.capability("K11")
def test_the_second_who_buys_is_told_when_it_may_be_free_and_this_is_written_down():
    payment = begin_purchase()

    with pytest.raises(AlreadyClaimedError) as caught:
        begin_purchase(payment.transaction.product)

    assert caught.value.extra["free_at"] == payment.transaction.reserved_until
    assert caught.value.extra["transaction"] is None
    assert ClaimLog.objects.filter(outcome="lost").count() == 1
    assert Payment.objects.count() == 1


@pytest.mark.capability("K14")
def test_the_same_key_finds_the_same_purchase():
    product, buyer = ProductFactory(), UserFactory()

    first = buy_product(buyer=buyer, product=product, client_key="k")
    again = buy_product(buyer=buyer, product=product, client_key="k")

    assert first.pk == again.pk
    with pytest.raises(DomainError, match="another payment"):
        buy_product(buyer=buyer, product=ProductFactory(), client_key="k")


@pytest.mark.capability("K14")
def test_who_may_not_buy_changes_nothing():
    product = ProductFactory()
    blocked = UserFactory()
    Block.objects.create(blocker=product.seller, blocked=blocked)

    for buyer in (product.seller, UserFactory(unverified=True), blocked):
        with pytest.raises(DomainError):
            begin_purchase(product, buyer)

    product.refresh_from_db()
    assert product.status == "active"
    assert not Transaction.objects.exists()


@pytest.mark.capability("K14")
def test_what_is_reserved_by_an_agreement_is_paid_by_its_buyer():
    sale = ReservationFactory(amount=Decimal(150), origin="seller")

    with pytest.raises(NotBuyerError):
        pay_sale(sale=sale, buyer=UserFactory())
    payment = pay_sale(sale=sale, buyer=sale.buyer)
    again = pay_sale(sale=sale, buyer=sale.buyer, client_key="other")
    succeed(payment)

    assert again.pk == payment.pk
    assert (payment.amount, payment.platform_fee) == (150, Decimal("7.5"))
    assert states(sale) == ("completed", "held", "sold")
    with pytest.raises(SaleClosedError) as caught:
        pay_sale(sale=sale, buyer=sale.buyer)
    assert caught.value.current == "completed"


@pytest.mark.capability("K14")
def test_nothing_is_begun_to_be_paid_for_a_reservation_whose_time_is_over():
    sale = ReservationFactory()
    lapse_reservation(sale)

    with pytest.raises(ReservationLapsedError):
        pay_sale(sale=sale, buyer=sale.buyer)

    assert not Payment.objects.exists()


@pytest.mark.capability("K11")
def test_late_money_buys_what_nobody_else_has():
    payment = begin_purchase()
    lapse_reservation(payment.transaction)

    sale = succeed(payment)

    assert states(sale) == ("completed", "held", "sold")
    assert ClaimLog.objects.filter(outcome="won", reason="late_money").exists()
    assert not Refund.objects.exists()


@pytest.mark.capability("K11")
def test_late_money_for_what_somebody_else_has_goes_back_in_full():
    payment = begin_purchase()
    product = payment.transaction.product
    lapse_reservation(payment.transaction)
    winner = sold(product)

    sale = succeed(payment)
    carry_out_refunds(payment)

    refund = Refund.objects.get()
    assert (refund.reason, refund.amount, refund.platform_fee) == ("late_money", 200, 10)
    assert refund.status == "completed"
    assert states(sale) == ("failed", "none", "sold")
    assert states(winner) == ("completed", "held", "sold")
    assert balances(payment) == {}
    told = Notification.objects.filter(type="sale_money_returned").values_list("user", flat=True)
    assert set(told) == {sale.buyer_id, sale.seller_id}


@pytest.mark.capability("K11")
def test_money_that_comes_weeks_late_finds_no_old_price():
    payment = begin_purchase()
    long_ago = payment.transaction.reserved_until - timedelta(days=9)
    Transaction.objects.filter(pk=payment.transaction_id).update(reserved_until=long_ago)
    Product.objects.filter(pk=payment.transaction.product_id).update(claimed_until=long_ago)

    sale = succeed(payment)

    assert states(sale) == ("failed", "none", "active")
    assert Refund.objects.get().reason == "late_money"


@pytest.mark.capability("K11")
def test_a_second_payment_for_the_same_sale_goes_back():
    first = begin_purchase()
    Payment.objects.filter(pk=first.pk).update(status="failed")
    second = pay_sale(sale=first.transaction, buyer=first.payer)

    succeed(second)
    sale = succeed(first)
    carry_out_refunds(first)

    assert states(sale) == ("completed", "held", "sold")
    assert Refund.objects.get().payment == first
    assert Refund.objects.get().reason == "surplus"
    assert balances(first) == {}
    second.refresh_from_db()
    assert second.status == "completed"


@pytest.mark.capability("K10")
def test_open_offers_end_when_it_is_paid():
    from bookings.services.offers import make_offer

    product = ProductFactory()
    other = make_offer(buyer=UserFactory(), product=product, price=Decimal(150))

    sold(product)

    assert Offer.objects.get(pk=other.pk).status == "declined"


@pytest.mark.capability("K16")
def test_without_holding_the_seller_has_the_money_at_once():
    hold(False)
    product = ProductFactory()
    with_account(product.seller)

    payment = begin_purchase(product)
    sale = succeed(payment)

    assert payment.destination_account == product.seller.stripe_connect_account_id
    assert states(sale) == ("completed", "released", "sold")
    assert sale.released_at == sale.completed_at
    assert balances(payment) == {"platform_fee": -10, "gateway_clearing": 10}


@pytest.mark.capability("K16")
def test_without_holding_and_without_an_account_the_payout_waits():
    hold(False)
    payment = begin_purchase()

    sale = succeed(payment)

    assert payment.destination_account == ""
    assert states(sale) == ("completed", "released", "sold")
    assert balances(payment) == {"platform_fee": -10, "gateway_clearing": 200, "seller": -190}
    with_account(sale.seller)
    assert paid_out(sale).stripe_transfer_id.startswith("test_tr_")
    assert balances(payment) == {"platform_fee": -10, "gateway_clearing": 10}


@pytest.mark.capability("K14")
def test_a_declined_card_leaves_the_reservation_and_another_pays():
    from bookings.services.simulation import simulate

    payment = begin_purchase()
    simulate(payment=payment, actor=payment.payer, outcome="decline")
    assert states(payment.transaction) == ("pending", "none", "reserved")

    sale = succeed(pay_sale(sale=payment.transaction, buyer=payment.payer))

    assert states(sale) == ("completed", "held", "sold")


@pytest.mark.capability("K11")
@pytest.mark.parametrize("side", ["buyer", "seller"])
def test_money_for_what_was_given_up_goes_back_although_nobody_else_has_it(side):
    payment = begin_purchase()
    sale = payment.transaction
    cancel_reservation(transaction=sale, actor=getattr(sale, side), reason="No more")

    sale = succeed(payment)

    assert states(sale) == ("failed", "none", "active")
    assert (sale.ended_reason, Refund.objects.get().amount) == ("No more", 200)
