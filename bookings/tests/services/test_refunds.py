"""Refunds: two people above the limit, the fee in proportion, and never more than came in."""

from decimal import Decimal

import pytest

from accounts.services.settings import change_setting
from accounts.tests.factories.people import UserFactory
from bookings.models import LedgerEntry, Refund
from bookings.payment_exceptions import (
    GatewayMismatchError,
    NotReceivedError,
    OwnPaymentError,
    SamePersonError,
    TooMuchError,
)
from bookings.services.carrying_out import carry_out_refund, confirm_refund_paid
from bookings.services.refunds import (
    approve_refund,
    refund_booking,
    refund_payment,
    reject_refund,
    request_refund,
)
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.paying import carry_out_refunds, open_payment, pay, pay_offline
from catalog.tests.factories.homes import member_of
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking():
    return BookingFactory(pending_payment=True)


@pytest.fixture
def payment(booking):
    change_setting(key="homes_fee_percent", value="2.5", actor=None)
    return pay(booking.instalments.get(kind="deposit"))


@pytest.fixture
def finance(booking):
    return member_of(booking.builder, "finance")


def give_back(payment, amount, actor, **more):
    return request_refund(
        payment=payment, amount=Decimal(amount), reason="goodwill", actor=actor, **more
    )


def sums(payment):
    entries = LedgerEntry.objects.filter(payment=payment)
    accounts = {each.account for each in entries}
    return {account: entries.filter(account=account).balance() for account in accounts}


@pytest.mark.capability("R16", "R18")
def test_a_small_refund_goes_back_at_once_with_its_part_of_the_fee(payment, finance):
    refund = give_back(payment, "1000.00", finance, note="For the delay")

    payment = carry_out_refunds(payment)

    refund.refresh_from_db()
    assert payment.platform_fee == Decimal("2500.00")
    assert (refund.status, refund.platform_fee) == ("completed", Decimal("25.00"))
    assert refund.gateway_refund_id.startswith("test_re_")
    assert (payment.status, payment.refunded_amount) == ("partially_refunded", Decimal(1000))
    assert sums(payment) == {
        "customer": 0,
        "builder": Decimal(-96525),
        "platform_fee": Decimal(-2475),
        "gateway_clearing": Decimal(99000),
        "refund": 0,
    }
    payment.instalment.refresh_from_db()
    assert payment.instalment.status == "partially_paid"


@pytest.mark.capability("R16")
def test_parts_of_the_fee_make_the_whole_fee(payment, finance):
    change_setting(key="second_person_above", value="1000000", actor=None)
    parts = ["333.33", "0.01", "9999.99", "3333.34"]
    for part in parts:
        give_back(payment, part, finance)
    left = payment.amount - sum(map(Decimal, parts))
    give_back(payment, left, finance)

    payment = carry_out_refunds(payment)

    assert (payment.status, payment.refunded_amount) == ("refunded", payment.amount)
    assert sum(each.platform_fee for each in Refund.objects.all()) == payment.platform_fee
    assert set(sums(payment).values()) == {Decimal(0)}


@pytest.mark.capability("R18")
def test_above_the_limit_a_second_person_decides(payment, finance):
    refund = give_back(payment, "10000.01", finance)

    carry_out_refund(refund_id=refund.pk)
    refund.refresh_from_db()
    assert (refund.status, refund.needs_second_person) == ("requested", True)
    with pytest.raises(SamePersonError):
        approve_refund(refund=refund, actor=finance)
    with pytest.raises(NotAllowedError):
        approve_refund(refund=refund, actor=member_of(payment.payee_organization, "sales"))
    second = member_of(payment.payee_organization, "admin")
    approved = approve_refund(refund=refund, actor=second)

    assert (approved.status, approved.approved_by) == ("approved", second)
    payment = carry_out_refunds(payment)
    assert payment.refunded_amount == Decimal("10000.01")
    with pytest.raises(InvalidTransitionError):
        approve_refund(refund=refund, actor=second)


@pytest.mark.capability("R18")
def test_a_refund_that_is_turned_down_gives_nothing_back(payment, finance):
    refund = give_back(payment, "50000.00", finance)
    second = member_of(payment.payee_organization, "owner")

    rejected = reject_refund(refund=refund, actor=second, reason="Not agreed")

    assert rejected.status == "rejected"
    carry_out_refund(refund_id=refund.pk)
    payment.refresh_from_db()
    assert payment.refunded_amount == 0
    assert give_back(payment, "100000.00", finance).status == "requested"


@pytest.mark.capability("R16")
def test_never_more_goes_back_than_came_in(payment, finance):
    give_back(payment, "60000.00", finance)

    with pytest.raises(TooMuchError):
        give_back(payment, "40000.01", finance)
    with pytest.raises(InvalidInputError):
        give_back(payment, "0.00", finance)
    with pytest.raises(InvalidInputError):
        give_back(payment, "1.001", finance)

    assert Refund.objects.count() == 1


@pytest.mark.capability("R16", "R18")
def test_who_may_not_give_back_does_not(payment, booking):
    outsiders = [
        booking.customer,
        member_of(booking.builder, "sales"),
        member_of(BookingFactory().builder, "finance"),
        UserFactory(staff=True),
    ]

    for outsider in outsiders:
        with pytest.raises(NotAllowedError):
            give_back(payment, "1.00", outsider)

    assert not Refund.objects.exists()


@pytest.mark.capability("R18")
def test_finance_people_who_paid_themselves_neither_refund_nor_confirm(booking, finance):
    mine = BookingFactory(pending_payment=True, customer=UserFactory())
    payment = pay(mine.instalments.get(kind="deposit"))
    payment.payer = member_of(mine.builder, "finance")
    payment.save()

    with pytest.raises(OwnPaymentError):
        give_back(payment, "1.00", payment.payer)


@pytest.mark.capability("R16")
def test_money_that_has_not_come_is_not_given_back(booking, finance):
    waiting = open_payment(booking.instalments.get(kind="deposit"))

    with pytest.raises(NotReceivedError):
        give_back(waiting, "1.00", finance)


@pytest.mark.capability("R16")
def test_carrying_out_twice_gives_back_once(payment, finance):
    refund = give_back(payment, "1000.00", finance)

    for _ in range(3):
        carry_out_refund(refund_id=refund.pk)

    payment.refresh_from_db()
    assert payment.refunded_amount == Decimal("1000.00")
    assert payment.facts.filter(kind="refunded").count() == 1


@pytest.mark.capability("R16")
def test_offline_money_is_given_back_by_hand(booking, finance):
    payment = pay_offline(booking.instalments.get(kind="deposit"))
    refund = give_back(payment, "500.00", finance)

    done = confirm_refund_paid(refund=refund, actor=finance, note="Transfer 815")

    payment.refresh_from_db()
    assert (done.status, payment.refunded_amount) == ("completed", Decimal("500.00"))
    assert set(sums(payment).values()) == {Decimal(0)}
    with pytest.raises(InvalidTransitionError):
        confirm_refund_paid(refund=done, actor=finance)


def test_what_went_through_a_gateway_is_not_marked_paid_by_hand(payment, finance):
    refund = give_back(payment, "500.00", finance)

    with pytest.raises(GatewayMismatchError):
        confirm_refund_paid(refund=refund, actor=finance)

    refund.refresh_from_db()
    assert refund.status == "approved"


@pytest.mark.capability("R18")
def test_a_cancelled_booking_gives_back_its_newest_payments_first(payment, booking):
    later = booking.instalments.get(order=2)
    newest = pay(later, "30000.00")

    made = refund_booking(
        booking=booking,
        amount=Decimal("45000.00"),
        requested_by=member_of(booking.builder, "sales"),
        approved_by=None,
        cancellation=None,
    )

    assert [(each.payment, each.amount) for each in made] == [
        (newest, Decimal("30000.00")),
        (payment, Decimal("15000.00")),
    ]
    assert {each.status for each in made} == {"approved"}
    with pytest.raises(TooMuchError):
        refund_booking(
            booking=booking,
            amount=Decimal("85000.01"),
            requested_by=None,
            approved_by=None,
            cancellation=None,
        )
    assert Refund.objects.count() == 2


def test_the_platform_itself_needs_nobody(payment):
    refund = refund_payment(
        payment=payment, amount=Decimal("90000.00"), reason="surplus", requested_by=None
    )

    assert (refund.status, refund.needs_second_person) == ("approved", False)
