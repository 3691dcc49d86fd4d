"""Crowds at one door: hundreds of claims, and everything at once over a few units."""

import random
from collections import Counter

import pytest
from django.db import connections

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.choices import LAPSING_BOOKINGS
from bookings.models import Booking, ClaimLog, WaitlistEntry
from bookings.services.checkout import release_booking
from bookings.services.holds import extend_hold, place_hold
from bookings.services.integrity import check_units
from bookings.services.waitlist import join_waitlist, leave_waitlist
from catalog.models import Unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory
from config.shared.errors import AlreadyClaimedError, DomainError, UnavailableError
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def deadlocks():
    """How many deadlocks the database has ever broken up."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(DEADLOCKS)
        (number,) = cursor.fetchone()
    return number


@pytest.mark.capability("R06")
def test_of_two_hundred_who_want_one_unit_one_gets_it():
    unit = UnitFactory()
    people = [UserFactory() for _ in range(200)]

    results = []
    for first in (0, 100):
        wave = people[first : first + 100]
        results += race(*[lambda who=who: place_hold(actor=who, unit=unit) for who in wave])

    kinds = Counter(type(result) for result in results)
    assert kinds == {Booking: 1, AlreadyClaimedError: 199}
    assert Booking.objects.count() == 1
    assert ClaimLog.objects.filter(outcome="lost").count() == 199


@pytest.mark.capability("R06")
def test_fifty_requests_at_once_are_one_201_and_the_rest_409():
    unit = UnitFactory()
    clients = [client_of(UserFactory()) for _ in range(50)]

    def ask(client):
        body = {"unit": str(unit.pk)}
        return client.post("/api/v1/bookings/", body, HTTP_IDEMPOTENCY_KEY="mine").status_code

    answers = race(*[lambda client=client: ask(client) for client in clients])

    assert Counter(answers) == {201: 1, 409: 49}
    assert Booking.objects.count() == 1
    assert ClaimLog.objects.filter(outcome="lost").count() == 49


@pytest.mark.capability("R06")
def test_one_request_sent_many_times_at_once_makes_one_booking():
    unit, client = UnitFactory(), client_of(UserFactory())

    def ask():
        body = {"unit": str(unit.pk)}
        return client.post("/api/v1/bookings/", body, HTTP_IDEMPOTENCY_KEY="same").json()["id"]

    answers = race(*[ask] * 8)

    assert set(answers) == {str(Booking.objects.get().pk)}


@pytest.mark.capability("R06", "R20")
def test_everything_at_once_over_a_few_units_never_ends_in_a_deadlock():
    development = DevelopmentFactory(max_holds_per_user=3)
    units = [UnitFactory(development=development) for _ in range(10)]
    before = deadlocks()

    def live(person, seed):
        chance = random.Random(seed)
        return [attempt(person, chance.choice(units), chance) for _ in range(8)]

    people = [UserFactory() for _ in range(50)]
    results = race(*[lambda who=who, seed=seed: live(who, seed) for seed, who in enumerate(people)])

    refused = [error for answers in results for error in answers if isinstance(error, Exception)]
    assert [error for error in refused if not isinstance(error, DomainError)] == []
    assert [error for error in refused if isinstance(error, UnavailableError)] == []
    assert deadlocks() == before
    for unit in units:
        assert Booking.objects.live().filter(unit=unit).count() <= 1
        assert WaitlistEntry.objects.filter(unit=unit, status="offered").count() <= 1
    assert check_units().problems == 0


def attempt(person, unit, chance):
    """What ``person`` does next about ``unit``: the booking or place it gave, or the refusal."""
    unit = Unit.objects.get(pk=unit.pk)
    own = Booking.objects.filter(customer=person, status__in=LAPSING_BOOKINGS).first()
    acts = [
        lambda: place_hold(actor=person, unit=unit),
        lambda: join_waitlist(actor=person, unit=unit),
        lambda: leave_waitlist(actor=person, unit=unit),
    ]
    if own is not None:
        acts += [
            lambda: release_booking(booking=own, actor=person),
            lambda: extend_hold(booking=own, actor=person),
        ]
    try:
        return chance.choice(acts)()
    except Exception as error:  # noqa: BLE001 the test looks at it
        return error
