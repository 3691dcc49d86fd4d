"""From the deposit to the last instalment, paid through the gateway, with a late fee on the way."""

import pytest

from bookings.models import Booking, Instalment
from bookings.services.due import catch_up
from bookings.services.instalments import paid_for
from bookings.services.late_fees import judge_all
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.owing import by_phase, days_later, finish, of
from bookings.tests.paying import pay
from catalog.services.development_moves import advance_development
from catalog.tests.factories.homes import UnitFactory, member_of
from messaging.models import Notification

pytestmark = pytest.mark.django_db


@pytest.mark.capability("R09", "R13", "R14", "R15", "R16")
def test_a_buyer_pays_a_plan_from_the_deposit_to_the_keys():
    development, phase = by_phase(under_construction=True)
    unit = UnitFactory(development=development)
    booking = BookingFactory(unit=unit, pending_payment=True)

    pay(of(booking, "Deposit"))
    finish(phase)
    days_later(of(booking, "Structure"), 6)
    judge_all()
    pay(of(booking, "Structure"), "200000.00")
    partly = of(booking, "Structure")
    pay(of(booking, "Structure"))
    owner = member_of(development.builder, "owner")
    advance_development(development=development, actor=owner, target="ready")
    pay(of(booking, "Handover"))
    Instalment.objects.filter(booking=booking, label="After 60 days").update(
        due_date=of(booking, "Structure").due_date
    )
    catch_up()
    pay(of(booking, "After 60 days"))

    assert (partly.status, partly.late_fee) == ("overdue", 3000)
    rows = Instalment.objects.filter(booking=booking)
    assert [row.status for row in rows] == ["paid"] * 4
    assert Booking.objects.get(pk=booking.pk).status == "confirmed"
    assert paid_for(booking) == 1_003_000
    told = Notification.objects.filter(user=booking.customer).values_list("type", flat=True)
    assert set(told) >= {
        "instalment_due",
        "instalment_overdue",
        "late_fee_charged",
        "plan_paid",
    }
