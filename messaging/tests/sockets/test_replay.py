"""Whoever comes back is told what it missed, in whatever order transactions were committed."""

import random
import threading
import time
from collections.abc import Callable, Iterable
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from websockets.exceptions import ConnectionClosed

from accounts.models import User
from accounts.tests.factories.people import UserFactory
from config.shared import realtime
from config.tests.server_process import ServerProcess
from messaging.models import LiveEvent
from messaging.services.live_events import events_since
from messaging.services.positions import Position, present_position
from messaging.tests.sockets.clients import LiveClient, live

WRITERS = 20
EACH = 6
LONG = 0.6


def happen(user: User) -> None:
    realtime.publish(users=[user.pk], event="booking.changed", data={"booking": uuid4()})


def write(user: User, seed: int) -> None:
    """Transactions that are open for a while, short ones and long ones."""
    chance = random.Random(seed)
    try:
        for _ in range(EACH):
            with transaction.atomic():
                happen(user)
                time.sleep(LONG if seed < 4 else chance.choice((0, 0.01, 0.05, 0.2)))
                transaction.set_rollback(chance.random() < 0.1)
    finally:
        connections.close_all()


def listen_and_fall(
    server: ServerProcess, user: User, position: str, is_over: Callable[[], bool]
) -> list[list[dict[str, int]]]:
    """Sockets one after the other, each cut off after a few events: what each was told."""
    chance = random.Random(7)
    told = []
    while True:
        was_over = is_over()
        with live(server, user, position=position) as client:
            read_some(client, chance.randint(1, 9), until_quiet=was_over)
            position = client.position
            told.append(client.events)
            client.connection.socket.close()
        if was_over:
            return told


def read_some(client: LiveClient, number: int, *, until_quiet: bool) -> None:
    try:
        while until_quiet or len(client.events) < number:
            kind = client.next("event", "resumed", seconds=1.5)["type"]
            if until_quiet and kind == "resumed":
                return
    except (TimeoutError, ConnectionClosed):
        return


@pytest.mark.capability("M06")
def test_nothing_is_missed_while_twenty_write_and_commit_in_any_order(
    server: ServerProcess,
) -> None:
    user = UserFactory.create()
    position = str(present_position())
    writers = [threading.Thread(target=write, args=(user, seed)) for seed in range(WRITERS)]
    for writer in writers:
        writer.start()

    told = listen_and_fall(
        server, user, position, lambda: not any(writer.is_alive() for writer in writers)
    )

    for writer in writers:
        writer.join()
    happened = set(LiveEvent.objects.values_list("pk", flat=True))
    heard = [event["id"] for events in told for event in events]
    assert set(heard) == happened
    assert len(happened) > WRITERS * EACH // 2
    assert len(told) > 3
    # The control: somebody who goes on from the highest number they have seen would have missed
    # every event that came after a higher one.
    assert missed_by_number(dict.fromkeys(heard)) > 0


def missed_by_number(heard: Iterable[int]) -> int:
    highest, missed = 0, 0
    for number in heard:
        missed += number < highest
        highest = max(highest, number)
    return missed


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("M06", "M07")
def test_a_number_hides_what_a_longer_transaction_wrote_and_a_position_does_not() -> None:
    user = UserFactory.create()
    start = present_position()
    written, may_commit = threading.Event(), threading.Event()

    def long_transaction() -> None:
        with transaction.atomic():
            happen(user)
            written.set()
            assert may_commit.wait(10)
        connections.close_all()

    other = threading.Thread(target=long_transaction)
    other.start()
    assert written.wait(10)
    happen(user)
    first = events_since(user_id=user.pk, position=start, limit=10)
    may_commit.set()
    other.join()

    [seen] = first.events
    by_number = LiveEvent.objects.filter(user=user, pk__gt=seen.pk)
    assert not by_number.exists()
    for position in (first.position, Position.at(seen.horizon, seen.created_at)):
        later = events_since(user_id=user.pk, position=position, limit=10)
        assert {event.pk for event in later.events} - {seen.pk}


@pytest.mark.capability("M06")
def test_a_connection_that_is_lost_to_the_database_is_made_up_for(server: ServerProcess) -> None:
    user = UserFactory.create()

    with live(server, user) as client:
        cut("courtyard live")
        for _ in range(3):
            happen(user)
        for _ in range(3):
            client.next("event")
        cut("courtyard")
        happen(user)
        client.next("event")

    assert client.numbers() == set(LiveEvent.objects.values_list("pk", flat=True))


def cut(name: str) -> None:
    """End the server's connections of this name, as a restart of the database would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = %s AND pid <> pg_backend_pid()"
            " AND datname = current_database()",
            [name],
        )
        assert cursor.fetchone()[0] > 0


def test_a_client_may_give_its_position_in_a_frame(server: ServerProcess) -> None:
    user = UserFactory.create()
    position = str(present_position())
    happen(user)

    with live(server, user) as client:
        client.send("resume", position=position)
        client.next("resumed")

    assert len(client.events) == 1


def test_a_position_that_is_too_old_starts_anew(server: ServerProcess) -> None:
    user = UserFactory.create()
    now = present_position()
    happen(user)

    with live(server, user, position=str(Position(now.horizon, now.seconds - 8 * 86_400))) as old:
        assert Position.read(old.next("reset")["position"])
        happen(user)
        old.next("event")

    assert len(old.events) == 1


def test_more_than_a_client_can_be_told_starts_anew(server: ServerProcess) -> None:
    user = UserFactory.create()
    position = str(present_position())
    LiveEvent.objects.bulk_create(
        LiveEvent(user=user, type="booking.changed", data={}) for _ in range(1_100)
    )

    with live(server, user, position=position) as client:
        client.next("reset")

    assert len(client.events) == 1_000
