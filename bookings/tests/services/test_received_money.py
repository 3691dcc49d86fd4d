"""What money makes of instalments: paid, partially paid, too much, given back."""

from decimal import Decimal

import pytest

from bookings.choices import PaymentStatus
from bookings.models import Instalment, Payment
from bookings.services.instalments import outstanding_of, paid_for, record_payment
from bookings.services.late_fees import judge
from bookings.services.plans import cancel_instalments
from bookings.services.waivers import waive_instalment
from bookings.tests.owing import booked, days_later, of, owed, pay_in
from catalog.tests.factories.homes import member_of
from config.shared.clock import database_now
from messaging.models import Notification

pytestmark = pytest.mark.django_db


def give_back(payment, amount):
    payment.refunded_amount = Decimal(amount)
    whole = payment.refunded_amount == payment.amount
    payment.status = PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED
    payment.save()
    line = Instalment.objects.get(pk=payment.instalment_id)
    record_payment(instalment=line, now=database_now())
    line.refresh_from_db()
    return line


@pytest.mark.capability("R16")
def test_parts_add_up_to_the_whole():
    line = owed()

    first = pay_in(line, "100000.00")
    partly = of(line.booking, "Structure")
    second = pay_in(line, "200000.00")
    paid = of(line.booking, "Structure")

    assert (first, second) == (0, 0)
    assert (partly.status, partly.paid_at) == ("partially_paid", None)
    assert paid.status == "paid"
    assert paid.paid_at is not None
    assert outstanding_of(paid) == 0
    assert paid_for(line.booking) == 400_000


@pytest.mark.capability("R16")
def test_what_is_too_much_is_returned():
    line = owed()

    surplus = pay_in(line, "300000.01")
    again = pay_in(line, "50.00")

    assert (surplus, again) == (Decimal("0.01"), Decimal("50.01"))
    assert of(line.booking, "Structure").status == "paid"


@pytest.mark.capability("R16")
def test_recording_twice_changes_nothing_more():
    line = owed()
    pay_in(line, "300010.00")
    line.refresh_from_db()
    before = (line.status, line.paid_at)

    surplus = record_payment(instalment=line, now=database_now())

    line.refresh_from_db()
    assert surplus == 10
    assert (line.status, line.paid_at) == before


@pytest.mark.capability("R15", "R16")
def test_a_late_fee_is_part_of_what_is_owed():
    line = days_later(owed(), 6)
    judge(instalment=line)

    pay_in(line, "300000.00")
    partly = of(line.booking, "Structure")
    left = outstanding_of(partly)
    pay_in(line, "3000.00")

    assert (partly.status, left) == ("overdue", 3000)
    assert of(line.booking, "Structure").status == "paid"


@pytest.mark.capability("R16")
def test_money_that_is_given_back_is_owed_again():
    line = owed()
    pay_in(line)
    payment = Payment.objects.get(instalment=line)

    partly = give_back(payment, "1000.00")
    states = [partly.status]
    states.append(give_back(payment, "300000.00").status)

    assert states == ["partially_paid", "due"]


@pytest.mark.capability("R16")
def test_what_was_paid_ahead_and_given_back_waits_again():
    line = of(booked(), "Handover")
    pay_in(line)

    line = give_back(Payment.objects.get(instalment=line), "400000.00")

    assert (line.status, line.due_at) == ("due", None)
    assert line not in Instalment.objects.owed()


@pytest.mark.capability("R15")
def test_money_after_a_waiver_is_too_much():
    line = owed()
    pay_in(line, "1000.00")
    for role in ("owner", "finance"):
        who = member_of(line.booking.builder, role)
        waive_instalment(instalment=line, actor=who, reason="Goodwill")

    surplus = pay_in(line, "200.00")

    assert surplus == 200
    assert of(line.booking, "Structure").status == "waived"


@pytest.mark.capability("R18")
def test_what_was_cancelled_stays_cancelled():
    line = owed()
    pay_in(line, "1000.00")
    cancel_instalments(booking=line.booking, actor=None)

    line = of(line.booking, "Structure")
    surplus = record_payment(instalment=line, now=database_now())

    assert (line.status, surplus) == ("cancelled", 1000)


@pytest.mark.capability("R16")
def test_the_customer_hears_when_everything_is_paid():
    booking = booked()
    for label in ("Structure", "After 60 days"):
        pay_in(of(booking, label))
    before = Notification.objects.filter(type="plan_paid").count()

    pay_in(of(booking, "Handover"))

    notice = Notification.objects.get(type="plan_paid")
    assert before == 0
    assert (notice.user, notice.data["amount"]) == (booking.customer, "1,000,000.00 AED")
