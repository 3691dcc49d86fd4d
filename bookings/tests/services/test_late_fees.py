"""Overdue instalments: when they are, what they cost, and what the customer is told before."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import AuditEvent
from bookings.models import Booking, Instalment
from bookings.services.late_fees import judge, judge_all
from bookings.services.late_terms import is_late, next_late_fee
from bookings.services.local_days import local_day
from bookings.services.objections import object_to_instalment
from bookings.tasks import judge_owed_instalments, remind_of_instalments
from bookings.tests.owing import booked, days_later, of, owed, pay_in
from config.shared.clock import database_now
from messaging.models import Notification

pytestmark = pytest.mark.django_db


def told(kind):
    return [notice.data for notice in Notification.objects.filter(type=kind).order_by("pk")]


def late(instalment):
    return is_late(instalment, booking=instalment.booking, now=database_now())


@pytest.mark.capability("R15")
def test_within_the_grace_nothing_is_overdue():
    line = days_later(owed(), 5)

    judge_all()

    line.refresh_from_db()
    assert (line.status, line.late_fee) == ("due", 0)
    assert not late(line)


@pytest.mark.capability("R15")
def test_after_the_grace_it_is_overdue_and_costs_the_first_fee():
    line = days_later(owed(), 6)
    seen_before_the_job = late(line)

    judge_all()

    line.refresh_from_db()
    assert seen_before_the_job
    assert (line.status, line.late_fee, line.late_fee_periods) == ("overdue", 3000, 1)
    assert line.overdue_at is not None
    assert told("instalment_overdue")[0]["amount"] == "300,000.00 AED"
    (charged,) = told("late_fee_charged")
    assert (charged["fee"], charged["amount"]) == ("3,000.00 AED", "303,000.00 AED")
    event = AuditEvent.objects.get(action="bookings.instalment.late_fee_charged")
    assert (event.before, event.after["late_fee"]) == ({"late_fee": "0.000"}, "3000.000")


@pytest.mark.capability("R15")
def test_the_job_may_run_as_often_as_it_likes():
    line = days_later(owed(), 6)

    for _ in range(5):
        judge_owed_instalments()

    line.refresh_from_db()
    assert (line.late_fee, line.late_fee_periods) == (3000, 1)
    assert len(told("late_fee_charged")) == 1
    assert len(told("instalment_overdue")) == 1


@pytest.mark.capability("R15")
def test_what_an_outage_left_undone_is_charged_up_to_the_limit():
    line = days_later(owed(), 300)

    judge_all()

    line.refresh_from_db()
    assert (line.late_fee, line.late_fee_periods) == (7500, 10)
    assert next_late_fee(line, booking=line.booking) is None


@pytest.mark.capability("R15")
def test_a_fee_is_announced_three_days_before_it_is_charged():
    line = owed()

    days_later(line, 2)
    judge_all()
    before = told("late_fee_announced")
    days_later(line, 1)
    judge_all()
    judge_all()

    line.refresh_from_db()
    assert before == []
    (announced,) = told("late_fee_announced")
    assert announced["fee"] == "3,000.00 AED"
    assert announced["fee_from"] == (line.due_date + timedelta(days=6)).isoformat()
    assert line.late_fee == 0


@pytest.mark.capability("R15")
def test_the_next_fee_is_shown_with_its_day():
    line = owed()

    first = next_late_fee(line, booking=line.booking)
    judge(instalment=days_later(line, 36))
    line.refresh_from_db()
    third = next_late_fee(line, booking=line.booking)

    assert first == (Decimal(3000), local_day(line.booking.development, database_now()) + FIRST)
    assert third == (Decimal(1500), line.due_date + FIRST + timedelta(days=60))


FIRST = timedelta(days=6)


@pytest.mark.capability("R15")
def test_who_paid_in_part_is_overdue_with_the_rest():
    line = owed()
    pay_in(line, "100000.00")
    days_later(line, 6)

    judge_all()

    line.refresh_from_db()
    assert (line.status, line.late_fee) == ("overdue", 3000)
    assert told("instalment_overdue")[0]["amount"] == "200,000.00 AED"


@pytest.mark.capability("R15")
def test_an_open_objection_keeps_it_from_being_overdue():
    line = owed()
    object_to_instalment(
        instalment=line, customer=line.booking.customer, text="It is not finished."
    )
    days_later(line, 60)

    judge_all()
    judge(instalment=line)

    line.refresh_from_db()
    assert (line.status, line.late_fee) == ("due", 0)
    assert not late(line)
    assert next_late_fee(line, booking=line.booking) is None


@pytest.mark.capability("R15")
def test_what_fails_for_one_does_not_hold_up_the_others():
    broken, line = days_later(owed(), 6), days_later(owed(), 6)
    Booking.objects.filter(pk=broken.booking_id).update(terms={"late_fee_policy": {"kind": "?"}})

    with pytest.raises(KeyError):
        judge_all()

    line.refresh_from_db()
    assert (line.status, line.late_fee) == ("overdue", 3000)


@pytest.mark.capability("R15")
def test_later_terms_do_not_touch_an_agreed_booking():
    line = days_later(owed(), 6)
    development = line.booking.development
    development.late_fee_policy = {"grace_days": 0, "kind": "fixed", "amount": "99999"}
    development.save()

    judge_all()

    line.refresh_from_db()
    assert line.late_fee == 3000


@pytest.mark.capability("R15")
def test_what_is_paid_or_of_an_ended_booking_is_never_late():
    paid, ended = owed(), owed()
    pay_in(paid)
    days_later(paid, 30)
    days_later(ended, 30)
    Booking.objects.filter(pk=ended.booking_id).update(
        status="cancelled", cancelled_at="2026-11-28T00:00Z"
    )

    judge_all()
    judge(instalment=ended)

    paid.refresh_from_db()
    ended.refresh_from_db()
    assert (paid.status, paid.late_fee) == ("paid", 0)
    assert (ended.status, ended.late_fee) == ("due", 0)


@pytest.mark.capability("R15")
def test_the_customer_is_reminded_seven_days_and_one_day_before():
    line = of(booked(), "After 60 days")
    today = local_day(line.booking.development, database_now())

    def on(days):
        Instalment.objects.filter(pk=line.pk).update(due_date=today + timedelta(days=days))
        remind_of_instalments()
        return [notice["days"] for notice in told("instalment_reminder")]

    assert on(8) == []
    assert on(7) == ["7"]
    assert on(7) == ["7"]
    assert on(1) == ["7", "1"]
    assert on(0) == ["7", "1"]
    assert told("instalment_reminder")[0]["amount"] == "200,000.00 AED"
