"""Money of a sale that goes back: before the release and after, with its part of the fee."""

from decimal import Decimal

import pytest

from accounts.groups import FINANCE
from accounts.services.settings import change_setting
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from bookings.gateways.built_in import BuiltInGateway
from bookings.gateways.payments import GatewayDownError, GatewayRefusalError
from bookings.models import LedgerEntry, Payment, Refund
from bookings.payment_exceptions import NotReceivedError, OwnPaymentError, TooMuchError
from bookings.services.carrying_out import carry_out_refund
from bookings.services.money_integrity import check_money
from bookings.services.payout_accounts import open_payout_account
from bookings.services.payouts import pay_out, retry_payouts, waiting_payouts
from bookings.services.reconciling import reconcile
from bookings.services.refunds import approve_refund, reject_refund
from bookings.services.releasing import confirm_handover
from bookings.services.sale_refunds import refund_sale
from bookings.tests.factories.market import ReservationFactory
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
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import NotAllowedError
from config.shared.jobs import RetryLaterError
from messaging.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.capability("K18")]


@pytest.fixture(autouse=True)
def _books_agree():
    """After every test the ledger, the refunds and the gateway tell one story."""
    yield
    assert check_money().sentences == []
    assert reconcile().differences == []


def payment_of(sale):
    return Payment.objects.get(transaction=sale)


def give_back(sale, amount=None, actor=None):
    amount = None if amount is None else Decimal(amount)
    return refund_sale(sale=sale, actor=actor or sale.seller, reason="goodwill", amount=amount)


def released(**product):
    sale = sold(ProductFactory(**product))
    with_account(sale.seller)
    confirm_handover(sale=sale, actor=sale.buyer)
    paid_out(sale)
    sale.refresh_from_db()
    return sale


def test_all_that_is_held_goes_back_with_the_fee_and_the_sale_is_over():
    sale = sold()

    refund = give_back(sale)
    payment = carry_out_refunds(payment_of(sale))

    assert (refund.amount, refund.platform_fee) == (200, 10)
    assert states(sale) == ("refunded", "returned", "sold")
    assert payment.status == "refunded"
    assert balances(payment) == {}
    assert Notification.objects.get(type="sale_refunded").user == sale.seller
    assert Notification.objects.get(type="refund_paid").user == sale.buyer


@pytest.mark.parametrize(
    ("currency", "price", "parts", "fees"),
    [
        ("AED", "99.90", ["33.30", "33.30", "33.30"], ["1.67", "1.66", "1.67"]),
        ("JPY", "1001", ["1", "500", "500"], ["0", "25", "25"]),
        ("KWD", "12.345", ["0.001", "6.172", "6.172"], ["0.000", "0.309", "0.308"]),
    ],
)
def test_parts_of_the_fee_add_up_to_the_whole_fee(currency, price, parts, fees):
    sale = sold(ProductFactory(currency=currency, price=Decimal(price)))

    refunds = [give_back(sale, part) for part in parts]
    payment = carry_out_refunds(payment_of(sale))

    assert [refund.platform_fee for refund in refunds] == [Decimal(fee) for fee in fees]
    assert sum(refund.platform_fee for refund in refunds) == sale.platform_fee
    assert states(sale) == ("refunded", "returned", "sold")
    assert balances(payment) == {}


def test_what_is_left_after_a_part_is_released():
    sale = sold()
    give_back(sale, "50")
    carry_out_refunds(payment_of(sale))
    with_account(sale.seller)

    confirm_handover(sale=sale, actor=sale.buyer)
    payment = paid_out(sale)

    assert states(sale) == ("completed", "released", "sold")
    assert balances(payment) == {
        "platform_fee": Decimal("-7.5"),
        "gateway_clearing": Decimal("7.5"),
    }


def test_after_the_payout_it_is_taken_back_from_the_sellers_account():
    sale = released()

    give_back(sale, "50")
    payment = carry_out_refunds(payment_of(sale))

    passed = BuiltInGateway().transferred(payment.stripe_transfer_id)
    assert (passed.amount, passed.reversed) == (190, Decimal("47.5"))
    assert balances(payment) == {
        "platform_fee": Decimal("-7.5"),
        "gateway_clearing": Decimal("7.5"),
    }
    assert states(sale) == ("completed", "released", "sold")
    give_back(sale)
    assert balances(carry_out_refunds(payment)) == {}
    assert states(sale) == ("refunded", "returned", "sold")


def test_a_repeated_job_takes_back_and_gives_back_once():
    sale = released()
    refund = give_back(sale, "50")

    for _ in range(3):
        carry_out_refund(refund_id=refund.pk)

    payment = payment_of(sale)
    assert BuiltInGateway().transferred(payment.stripe_transfer_id).reversed == Decimal("47.5")
    assert payment.refunded_amount == 50
    assert LedgerEntry.objects.filter(step=f"reversal:{refund.reference}").count() == 2


def test_what_waits_for_an_account_is_not_taken_back_from_one():
    sale = sold()
    confirm_handover(sale=sale, actor=sale.buyer)
    give_back(sale, "50")
    payment = carry_out_refunds(payment_of(sale))

    assert balances(payment)["seller"] == Decimal("-142.5")
    open_payout_account(seller=sale.seller)
    pay_out(payment_id=payment.pk)

    payment.refresh_from_db()
    assert BuiltInGateway().transferred(payment.stripe_transfer_id).amount == Decimal("142.5")


def test_where_the_seller_has_nothing_left_the_buyer_is_paid_all_the_same(monkeypatch):
    sale = released()
    refund = give_back(sale, "50")

    def refuse(*args, **kwargs):
        raise GatewayRefusalError("balance_insufficient")

    monkeypatch.setattr(BuiltInGateway, "reverse", refuse)
    carry_out_refund(refund_id=refund.pk)

    refund.refresh_from_db()
    assert refund.status == "completed"
    assert balances(payment_of(sale))["seller"] == Decimal("47.5")


def test_without_holding_the_gateway_takes_it_back_itself():
    change_setting(key="hold_sales", value=False, actor=None, reason="Test")
    product = ProductFactory()
    with_account(product.seller)
    sale = succeed(begin_purchase(product))

    give_back(sale)

    assert balances(carry_out_refunds(payment_of(sale))) == {}
    assert states(sale) == ("refunded", "returned", "sold")


def test_only_the_seller_and_staff_give_back_and_never_too_much():
    sale = sold(buyer=staff_in(FINANCE))

    with pytest.raises(OwnPaymentError):
        give_back(sale, actor=sale.buyer)
    for actor in (UserFactory(), UserFactory(staff=True)):
        with pytest.raises(NotAllowedError):
            give_back(sale, actor=actor)
    with pytest.raises(TooMuchError):
        give_back(sale, "200.01")
    with pytest.raises(NotReceivedError):
        give_back(ReservationFactory())

    assert not Refund.objects.exists()
    assert give_back(sale, "10", actor=staff_in(FINANCE)).status == "approved"


def test_above_the_limit_somebody_of_the_staff_agrees_and_other_sales_do_not_count():
    give_back(sold(ProductFactory(price=Decimal(9_000))))
    sale = sold(ProductFactory(price=Decimal(9_000)))
    small = give_back(sale, "8000")
    large = sold(ProductFactory(price=Decimal(12_000)))

    asked = give_back(large)

    assert (small.status, asked.status) == ("approved", "requested")
    assert states(large) == ("completed", "held", "sold")
    approve_refund(refund=asked, actor=staff_in(FINANCE))
    assert states(large) == ("refunded", "returned", "sold")


def test_a_seller_takes_back_what_they_asked_for_and_rejects_nothing_else():
    sale = sold(ProductFactory(price=Decimal(12_000)))
    mine = give_back(sale)
    reject_refund(refund=mine, actor=sale.seller, reason="We agreed otherwise")
    theirs = give_back(sale, actor=staff_in(FINANCE))

    with pytest.raises(NotAllowedError):
        reject_refund(refund=theirs, actor=sale.seller, reason="No")
    with pytest.raises(NotAllowedError):
        approve_refund(refund=theirs, actor=sale.seller)

    states_now = Refund.objects.order_by("pk").values_list("status", flat=True)
    assert list(states_now) == ["rejected", "requested"]


def test_a_payout_that_the_gateway_refuses_is_tried_again(monkeypatch):
    sale = sold()
    with_account(sale.seller)
    confirm_handover(sale=sale, actor=sale.buyer)
    real = BuiltInGateway.transfer

    def refuse(*args, **kwargs):
        raise GatewayRefusalError("insufficient_capabilities_for_transfer")

    monkeypatch.setattr(BuiltInGateway, "transfer", refuse)
    payment = paid_out(sale)
    assert balances(payment)["seller"] == -190
    assert retry_payouts() == 0
    assert list(waiting_payouts()) == [sale]

    monkeypatch.setattr(BuiltInGateway, "transfer", real)
    assert retry_payouts(seller=sale.seller) == 1
    assert paid_out(sale).stripe_transfer_id != ""
    assert not waiting_payouts().exists()


def test_an_outage_neither_loses_nor_doubles_a_payout(monkeypatch):
    sale = sold()
    with_account(sale.seller)
    confirm_handover(sale=sale, actor=sale.buyer)
    payment = payment_of(sale)
    real = BuiltInGateway.transfer

    def cut_off(self, **kwargs):
        real(self, **kwargs)
        raise GatewayDownError

    monkeypatch.setattr(BuiltInGateway, "transfer", cut_off)
    with pytest.raises(RetryLaterError):
        pay_out(payment_id=payment.pk)
    refund = give_back(sale, "50")
    with pytest.raises(RetryLaterError):
        carry_out_refund(refund_id=refund.pk)
    monkeypatch.setattr(BuiltInGateway, "transfer", real)

    payment = paid_out(sale)
    carry_out_refund(refund_id=refund.pk)

    passed = BuiltInGateway().transferred(payment.stripe_transfer_id)
    assert (passed.amount, passed.reversed) == (190, Decimal("47.5"))
