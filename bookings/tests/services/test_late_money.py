"""Money that comes late enough finds nothing of what was once agreed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bookings.models import Booking, Refund
from bookings.services.simulation import simulate
from bookings.tests.factories.homes import BookingFactory, lapse, settled
from bookings.tests.paying import open_payment
from catalog.models import Unit
from catalog.services.development_moves import archive_development, pause_selling
from catalog.tests.factories.homes import member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking():
    return BookingFactory(pending_payment=True)


@pytest.fixture
def payment(booking):
    """The payment for the deposit, which is not made before the time for it is over."""
    payment = open_payment(booking.instalments.get(kind="deposit"))
    lapse(booking)
    settled(booking.unit)
    return payment


def pay_now(payment):
    simulate(payment=payment, actor=payment.payer, outcome="succeed")
    return Booking.objects.get(pk=payment.booking_id)


@pytest.mark.capability("R17")
@pytest.mark.parametrize(("days", "status"), [(6, "confirmed"), (8, "expired")])
def test_a_price_is_kept_for_a_week_and_no_longer(booking, payment, days, status):
    Unit.objects.filter(pk=booking.unit_id).update(price=Decimal(2_000_000))
    ended = Booking.objects.get(pk=booking.pk).pay_until - timedelta(days=days)
    Booking.objects.filter(pk=booking.pk).update(pay_until=ended)

    booking = pay_now(payment)

    assert booking.status == status
    given_back = Refund.objects.filter(reason="late_money", amount=payment.amount)
    assert given_back.count() == (status == "expired")


@pytest.mark.capability("R17")
@pytest.mark.parametrize("end", [pause_selling, archive_development])
def test_late_money_revives_nothing_that_is_not_for_sale_any_more(booking, payment, end):
    reason = {} if end is pause_selling else {"reason": "Never built"}
    end(development=booking.development, actor=member_of(booking.builder, "owner"), **reason)

    booking = pay_now(payment)

    assert booking.status == "expired"
    assert Unit.objects.get(pk=booking.unit_id).status == "available"
    assert Refund.objects.get().reason == "late_money"
