"""Cash when they meet: the seller's word, then the buyer's, and no fee."""

from decimal import Decimal

import pytest

from accounts.tests.factories.people import UserFactory
from bookings.models import LedgerEntry, Payment, Transaction
from bookings.offer_exceptions import NoContactError
from bookings.sale_exceptions import NotBuyerError, NotCashError, ReservationLapsedError
from bookings.services.cash_sales import confirm_sale, sell_for_cash
from bookings.services.sale_payments import pay_sale
from bookings.tests.factories.market import ReservationFactory, lapse_reservation
from bookings.tests.selling import sold, states, succeed
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import AlreadyClaimedError, DomainError, NotAllowedError
from messaging.models import Message, Notification
from messaging.services.conversations import open_product_conversation

pytestmark = [pytest.mark.django_db, pytest.mark.capability("K14")]


def mark(sale, **more):
    return sell_for_cash(product=sale.product, actor=sale.seller, buyer=sale.buyer, **more)


def test_what_the_seller_says_waits_for_the_buyers_word():
    sale = mark(ReservationFactory(origin="seller", amount=Decimal(150)))

    assert states(sale) == ("pending", "none", "reserved")
    assert (sale.payment_method, sale.platform_fee, sale.seller_payout) == ("cash", 0, 150)
    assert sale.product.claimed_until == sale.reserved_until
    assert Notification.objects.get(type="cash_marked").user == sale.buyer

    confirm_sale(sale=sale, actor=sale.buyer)

    assert states(sale) == ("completed", "released", "sold")
    assert Notification.objects.get(type="cash_confirmed").user == sale.seller
    assert not Payment.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_somebody_who_asked_about_it_may_pay_cash_without_a_reservation():
    product, buyer = ProductFactory(), UserFactory()
    with pytest.raises(NoContactError):
        sell_for_cash(product=product, actor=product.seller, buyer=buyer)
    open_product_conversation(product=product, buyer=buyer)

    sale = sell_for_cash(product=product, actor=product.seller, buyer=buyer, amount=Decimal(120))

    assert (sale.amount, sale.origin, sale.payment_method) == (120, "seller", "cash")
    assert states(sale) == ("pending", "none", "reserved")


def test_what_nobody_confirms_in_time_lapses():
    sale = mark(ReservationFactory(origin="seller"))
    lapse_reservation(sale)

    with pytest.raises(ReservationLapsedError):
        confirm_sale(sale=sale, actor=sale.buyer)

    assert sale.completed_at is None


def test_nobody_else_says_or_confirms_it():
    sale = ReservationFactory(origin="seller")

    for actor in (sale.buyer, UserFactory()):
        with pytest.raises(NotAllowedError):
            sell_for_cash(product=sale.product, actor=actor, buyer=sale.buyer)
    with pytest.raises(DomainError):
        sell_for_cash(product=sale.product, actor=sale.seller, buyer=sale.seller)
    mark(sale)
    sale.refresh_from_db()
    for actor in (sale.seller, UserFactory()):
        with pytest.raises(NotBuyerError):
            confirm_sale(sale=sale, actor=actor)

    assert states(sale) == ("pending", "none", "reserved")


def test_what_is_reserved_for_somebody_else_is_not_sold_past_them():
    sale = ReservationFactory(origin="seller")

    with pytest.raises(AlreadyClaimedError):
        sell_for_cash(product=sale.product, actor=sale.seller, buyer=UserFactory())
    done = sold()
    with pytest.raises(AlreadyClaimedError):
        mark(done)

    assert Transaction.objects.get(pk=sale.pk).cash_marked_at is None


def test_without_the_sellers_word_there_is_nothing_to_confirm():
    sale = ReservationFactory(origin="seller", method="cash")

    with pytest.raises(NotCashError):
        confirm_sale(sale=sale, actor=sale.buyer)


def test_cash_calls_off_the_card_and_a_card_after_all_costs_the_fee():
    sale = ReservationFactory(origin="seller")
    payment = pay_sale(sale=sale, buyer=sale.buyer)
    sale = mark(sale)

    succeed(payment)

    assert states(sale) == ("completed", "held", "sold")
    assert (sale.payment_method, sale.platform_fee, sale.seller_payout) == ("card", 10, 190)


def test_saying_it_again_and_again_reaches_the_buyer_once():
    sale = mark(ReservationFactory(origin="seller"))
    again = [mark(sale) for _ in range(3)]

    assert {one.reserved_until for one in again} == {sale.reserved_until}
    assert Notification.objects.filter(type="cash_marked").count() == 1
    assert Message.objects.count() == 1
