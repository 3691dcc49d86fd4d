"""Money that arrives: what it does for its booking, and where it goes when it can do nothing."""

from decimal import Decimal

import pytest

from bookings.choices import BookingStatus, InstalmentStatus, PaymentStatus, RefundReason
from bookings.models import LedgerEntry, Refund
from bookings.services.checkout import release_booking
from bookings.services.simulation import simulate
from bookings.tests.factories.homes import BookingFactory, lapse, settled
from bookings.tests.paying import carry_out_refunds, open_payment, pay, pay_offline
from messaging.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking():
    return BookingFactory(pending_payment=True)


def deposit_of(booking):
    return booking.instalments.get(kind="deposit")


def balances(payment):
    found = LedgerEntry.objects.filter(payment=payment)
    return {
        account: found.filter(account=account).balance()
        for account in found.order_by().values_list("account", flat=True).distinct()
    }


def told(user):
    return sorted(Notification.objects.filter(user=user).values_list("type", flat=True))


@pytest.mark.capability("R16", "R12")
def test_a_deposit_that_arrives_confirms_the_booking(booking):
    payment = pay(deposit_of(booking))

    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    assert deposit_of(booking).status == InstalmentStatus.PAID
    assert payment.status == PaymentStatus.COMPLETED
    assert payment.amount == Decimal("100000.00")
    assert payment.receipt_no.startswith("RC-")
    assert balances(payment) == {
        "customer": 0,
        "builder": Decimal(-100000),
        "gateway_clearing": Decimal(100000),
    }
    assert "payment_received" in told(booking.customer)


@pytest.mark.capability("R17")
def test_late_money_revives_a_booking_whose_unit_is_free(booking):
    payment = open_payment(deposit_of(booking))
    lapse(booking)
    settled(booking.unit)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.EXPIRED

    simulate(payment=payment, actor=booking.customer, outcome="succeed")

    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    assert deposit_of(booking).status == InstalmentStatus.PAID
    assert not Refund.objects.exists()


@pytest.mark.capability("R17")
def test_late_money_for_a_unit_that_is_taken_goes_back_in_full(booking):
    payment = open_payment(deposit_of(booking))
    lapse(booking)
    other = BookingFactory(unit=booking.unit)

    simulate(payment=payment, actor=booking.customer, outcome="succeed")
    refund = Refund.objects.get()
    payment = carry_out_refunds(payment)

    booking.refresh_from_db()
    other.refresh_from_db()
    refund.refresh_from_db()
    assert (booking.status, other.status) == (BookingStatus.EXPIRED, BookingStatus.HELD)
    assert (refund.reason, refund.amount) == (RefundReason.LATE_MONEY, payment.amount)
    assert refund.status == "completed"
    assert (payment.status, payment.refunded_amount) == ("refunded", payment.amount)
    assert set(balances(payment).values()) == {Decimal(0)}
    assert "payment_returned" in told(booking.customer)
    assert "refund_paid" in told(booking.customer)


@pytest.mark.capability("R17")
def test_money_for_a_cancelled_booking_goes_back_in_full(booking):
    payment = open_payment(deposit_of(booking))
    release_booking(booking=booking, actor=booking.customer)

    payment = simulate(payment=payment, actor=booking.customer, outcome="succeed")

    refund = Refund.objects.get()
    assert (refund.reason, refund.amount) == (RefundReason.CANCELLATION, payment.amount)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CANCELLED


@pytest.mark.capability("R17")
def test_a_deposit_paid_twice_goes_back_once(booking):
    first, second = (open_payment(deposit_of(booking)) for _ in range(2))
    simulate(payment=first, actor=booking.customer, outcome="succeed")
    simulate(payment=second, actor=booking.customer, outcome="succeed")

    refund = Refund.objects.get()
    assert (refund.payment, refund.reason) == (second, RefundReason.SURPLUS)
    assert refund.amount == second.amount
    carry_out_refunds(second)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    assert deposit_of(booking).status == InstalmentStatus.PAID


@pytest.mark.capability("R16")
def test_a_declined_card_changes_nothing_and_may_be_followed_by_another(booking):
    payment = open_payment(deposit_of(booking))

    declined = simulate(payment=payment, actor=booking.customer, outcome="decline")

    assert (declined.status, declined.failure_code) == ("failed", "card_declined")
    booking.refresh_from_db()
    assert booking.status == BookingStatus.PENDING_PAYMENT
    assert not LedgerEntry.objects.exists()
    paid = simulate(payment=payment, actor=booking.customer, outcome="succeed")
    assert (paid.status, paid.failure_code) == ("completed", "")


@pytest.mark.capability("R16")
def test_a_bank_transfer_confirmed_by_finance_confirms_the_booking(booking):
    payment = pay_offline(deposit_of(booking))

    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    assert payment.offline_reference == "TRF-4711"
    assert balances(payment) == {"customer": 0, "builder": 0}


@pytest.mark.capability("R16")
def test_an_instalment_is_paid_in_parts():
    booking = BookingFactory(confirmed=True)
    balance = booking.instalments.get(order=2)

    pay(balance, "1000.00")
    balance.refresh_from_db()
    assert balance.status == InstalmentStatus.PARTIALLY_PAID
    pay(balance)

    balance.refresh_from_db()
    assert balance.status == InstalmentStatus.PAID
