"""The sweeper does what reading implies, tells people, and waits for nobody."""

import threading

import pytest
from django.db import connection, transaction

from accounts.tests.outbox import sent_sms
from bookings.services.sweeping import sweep_claims
from bookings.tasks import sweep_claims as job
from bookings.tests.factories.homes import BookingFactory, lapse
from catalog.models import Unit
from config.shared.locks import lock
from config.tests.racing import race
from config.tests.support import drain


@pytest.mark.django_db
@pytest.mark.capability("R07")
def test_what_lapsed_is_ended_and_told_and_the_rest_is_left():
    lapsed, unpaid = BookingFactory(), BookingFactory(pending_payment=True)
    going, bought = BookingFactory(), BookingFactory(confirmed=True)
    lapse(lapsed, unpaid)

    job()

    states = []
    for booking in (lapsed, unpaid, going, bought):
        booking.refresh_from_db()
        states.append((booking.status, Unit.objects.get(pk=booking.unit_id).status))
    assert states == [
        ("expired", "available"),
        ("expired", "available"),
        ("held", "held"),
        ("confirmed", "reserved"),
    ]
    drain()
    assert lapsed.reference in sent_sms(lapsed.customer.phone_number)[0]
    assert sweep_claims() == 0


@pytest.mark.django_db
@pytest.mark.capability("R07")
def test_an_unpaid_booking_that_expired_keeps_its_instalments_for_late_money():
    booking = BookingFactory(pending_payment=True)
    lapse(booking)

    sweep_claims()

    assert set(booking.instalments.values_list("status", flat=True)) == {"due", "scheduled"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("R07")
def test_several_sweepers_end_everything_once():
    bookings = [BookingFactory() for _ in range(4)]
    lapse(*bookings)

    race(*[sweep_claims] * 3)

    drain()
    for booking in bookings:
        booking.refresh_from_db()
        assert booking.status == "expired"
        assert len(sent_sms(booking.customer.phone_number)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("R07")
def test_a_unit_that_others_decide_about_is_left_to_them():
    busy, idle = BookingFactory(), BookingFactory()
    lapse(busy, idle)
    locked, done = threading.Event(), threading.Event()

    def decide():
        with transaction.atomic():
            lock(busy.unit)
            locked.set()
            done.wait(20)

    def sweep():
        locked.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        try:
            return sweep_claims()
        finally:
            done.set()

    _, swept = race(decide, sweep)

    busy.refresh_from_db()
    idle.refresh_from_db()
    assert (swept, busy.status, idle.status) == (1, "held", "expired")
