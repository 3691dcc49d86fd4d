"""Many who want one unit in the same moment, with real threads and no worker."""

import pytest
from django.db import connections

from accounts.tests.factories.people import UserFactory
from bookings.claim_exceptions import HoldLimitError
from bookings.models import Booking, ClaimLog, WaitlistEntry
from bookings.services.checkout import check_out, release_booking
from bookings.services.holds import extend_hold, place_hold
from bookings.services.waitlist import join_waitlist
from bookings.tests.factories.homes import (
    BookingFactory,
    WaitlistEntryFactory,
    confirmed,
    lapse,
)
from catalog.models import Unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory
from config.shared.errors import AlreadyClaimedError, DomainError, InvalidTransitionError
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def holding(unit, person=None):
    person = person or UserFactory()
    return lambda: place_hold(actor=person, unit=unit)


def won(results):
    return [result for result in results if isinstance(result, Booking)]


def lost(results):
    return [result for result in results if isinstance(result, AlreadyClaimedError)]


@pytest.mark.capability("R06")
def test_of_fifty_who_want_one_unit_one_gets_it():
    unit = UnitFactory()

    results = race(*[holding(unit) for _ in range(50)])

    assert (len(won(results)), len(lost(results))) == (1, 49)
    assert Booking.objects.count() == 1
    assert ClaimLog.objects.filter(outcome="lost").count() == 49
    places = sorted(error.extra["your_place"] for error in lost(results))
    assert places[0] == 2
    assert max(places) <= 50


@pytest.mark.capability("R06", "R07")
def test_a_lapsed_hold_is_retaken_by_exactly_one():
    hold = BookingFactory()
    lapse(hold)

    results = race(*[holding(hold.unit) for _ in range(20)])

    assert (len(won(results)), len(lost(results))) == (1, 19)
    hold.refresh_from_db()
    assert hold.status == "expired"
    assert Unit.objects.get().claimed_until == won(results)[0].held_until


@pytest.mark.capability("R10")
def test_one_person_never_holds_more_than_they_may():
    development, customer = DevelopmentFactory(), UserFactory()
    units = [UnitFactory(development=development) for _ in range(10)]

    results = race(*[holding(unit, customer) for unit in units])

    assert len(won(results)) == 2
    assert sum(isinstance(result, HoldLimitError) for result in results) == 8
    assert Booking.objects.count() == 2


@pytest.mark.capability("R08", "R12")
def test_what_is_released_and_paid_at_once_ends_in_one_of_the_two():
    booking = BookingFactory(pending_payment=True)

    results = race(
        lambda: release_booking(booking=booking, actor=booking.customer),
        lambda: confirmed(booking),
    )

    assert len(won(results)) == 1
    assert sum(isinstance(result, DomainError) for result in results) == 1
    booking.refresh_from_db()
    unit = Unit.objects.get()
    assert (booking.status, unit.status) in {
        ("cancelled", "available"),
        ("confirmed", "reserved"),
    }


@pytest.mark.capability("R12")
def test_whoever_goes_on_twice_has_one_set_of_instalments():
    booking = BookingFactory()

    results = race(*[lambda: check_out(booking=booking, actor=booking.customer)] * 4)

    assert len(won(results)) == 1
    assert sum(isinstance(result, InvalidTransitionError) for result in results) == 3
    assert booking.instalments.count() == 2


@pytest.mark.capability("R08")
def test_extensions_at_once_never_pass_the_limit():
    booking = BookingFactory()

    results = race(*[lambda: extend_hold(booking=booking, actor=booking.customer)] * 5)

    assert len(won(results)) == 2
    booking.refresh_from_db()
    assert booking.extended_minutes == 30


@pytest.mark.capability("R20")
def test_places_are_given_once_each_and_one_is_offered():
    hold = BookingFactory()
    people = [UserFactory() for _ in range(10)]

    race(*[lambda who=who: join_waitlist(actor=who, unit=hold.unit) for who in people])
    race(
        lambda: release_booking(booking=hold, actor=hold.customer),
        *[holding(hold.unit) for _ in range(5)],
    )

    entries = WaitlistEntry.objects.order_by("position")
    assert [entry.position for entry in entries] == list(range(1, 11))
    assert [entry.status for entry in entries] == ["offered"] + ["waiting"] * 9
    assert Unit.objects.get().waiting_count == 9
    assert Booking.objects.live().count() == 0


@pytest.mark.capability("R20")
def test_an_offer_is_taken_up_by_whom_it_was_made_to_however_many_ask():
    hold = BookingFactory()
    entry = WaitlistEntryFactory(unit=hold.unit)
    release_booking(booking=hold, actor=hold.customer)

    results = race(
        *[holding(hold.unit) for _ in range(10)],
        holding(hold.unit, entry.customer),
        holding(hold.unit, entry.customer),
    )

    (booking,) = won(results)
    assert (booking.customer, booking.waitlist_position) == (entry.customer, 1)
    assert len(lost(results)) == 11
    connections.close_all()
