"""Servers that die in the middle of bookings: nothing is lost, and nothing happens twice."""

import random
import threading
import time
from collections import Counter

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories.people import UserFactory, sign_in
from bookings.choices import BookingStatus
from bookings.models import Booking
from bookings.services.integrity import check_units
from bookings.tests.insisting import Tally, Wish, insist
from catalog.models import Unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory
from config.tests.racing import race
from config.tests.server_process import ServerProcess

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS, WISHES_EACH, UNITS = 20, 10, 120
WISHES = CLIENTS * WISHES_EACH
WORKERS = 3
# One worker is killed whenever so many more wishes have been answered.
KILL_EVERY = 35
SECONDS = 120


@pytest.mark.capability("R06")
def test_killing_servers_loses_no_booking_and_makes_none_twice(tmp_path):
    development = DevelopmentFactory(max_holds_per_user=WISHES_EACH)
    units = [str(UnitFactory(development=development).pk) for _ in range(UNITS)]
    people = [UserFactory() for _ in range(CLIENTS)]
    tokens = [sign_in(APIClient(), person).tokens.access_token for person in people]
    wished = wishes_for(units)
    tally = Tally()

    with ServerProcess(tmp_path, workers=WORKERS) as server:
        answered, killed = ask_while_workers_die(server, tokens, wished, tally)
        assert answered == [WISHES_EACH] * CLIENTS, server.output()

    # Every wish was answered, although workers died with requests in their hands.
    assert len(killed) >= 4
    assert tally.cut_off > 0
    statuses = Counter(answer.status for answer in tally.answers)
    assert statuses == {201: UNITS, 409: WISHES - UNITS}
    # What was acknowledged is there, once, for whoever was told so.
    made = {booking.client_key: booking for booking in Booking.objects.all()}
    assert Booking.objects.count() == len(made) == UNITS
    won = [answer for answer in tally.answers if answer.status == 201]
    for answer in won:
        booking = made[answer.wish.key]
        assert (str(booking.pk), str(booking.unit_id)) == (answer.body["id"], answer.wish.unit)
        assert booking.status == BookingStatus.HELD
    assert {answer.wish.key for answer in won} == set(made)
    # Each unit has one claim, and says so.
    assert set(Booking.objects.claiming().values_list("unit", flat=True).distinct()) == set(
        Unit.objects.values_list("pk", flat=True)
    )
    assert check_units().problems == 0


def wishes_for(units):
    """What each client asks for, one after the other: every unit is wanted at least once."""
    dice = random.Random(20)
    wanted = [*units, *dice.choices(units, k=WISHES - len(units))]
    dice.shuffle(wanted)
    return [
        [Wish(unit, f"{client}:{place}") for place, unit in enumerate(wanted[client::CLIENTS])]
        for client in range(CLIENTS)
    ]


def ask_while_workers_die(server, tokens, wished, tally):
    """How many wishes of each client were answered, and which workers were killed meanwhile."""
    over, killed = threading.Event(), []
    until = time.monotonic() + SECONDS
    killer = threading.Thread(target=kill_as_they_come, args=(server, tally, over, killed))
    killer.start()

    def client(place):
        return insist(
            port=server.port,
            token=tokens[place],
            wishes=wished[place],
            tally=tally,
            until=until,
            seed=place,
        )

    try:
        clients = [lambda place=place: client(place) for place in range(CLIENTS)]
        return race(*clients, patience=SECONDS), killed
    finally:
        over.set()
        killer.join()


def kill_as_they_come(server, tally, over, killed):
    """Kill one worker after another while the clients get on, until they are done."""
    while not over.wait(0.05):
        server.keep_up()
        due = len(tally.answers) // KILL_EVERY
        if due > len(killed) and (key := server.kill_worker()):
            killed.append(key)
