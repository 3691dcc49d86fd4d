"""Several server processes tell their sockets the same, through PostgreSQL or through Redis."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connections, transaction

from accounts.models import User
from accounts.services import sessions
from accounts.tests.factories.people import UserFactory, open_session
from config.shared import realtime
from config.tests.redis_process import redis_process
from config.tests.server_process import ServerProcess, SocketServer
from messaging.models import LiveEvent
from messaging.services.tickets import issue_ticket
from messaging.tests.factories.conversations import direct
from messaging.tests.sockets.clients import live

pytestmark = pytest.mark.django_db(transaction=True)
LAYER = "channels_redis.pubsub.RedisPubSubChannelLayer"


def happen(user: User) -> None:
    realtime.publish(users=[user.pk], event="booking.changed", data={"booking": uuid4()})


@contextmanager
def two_servers(folder: Path, **environment: str) -> Iterator[list[ServerProcess]]:
    with ExitStack() as stack:
        yield [stack.enter_context(SocketServer(folder, **environment)) for _ in range(2)]


@contextmanager
def two_servers_on_redis(folder: Path, settings: LazySettings) -> Iterator[list[ServerProcess]]:
    with redis_process(folder) as url:
        settings.REDIS_URL = url
        config = {"hosts": [url], "prefix": "courtyard"}
        settings.CHANNEL_LAYERS = {"default": {"BACKEND": LAYER, "CONFIG": config}}
        with two_servers(folder, REDIS_URL=url) as servers:
            yield servers


@pytest.mark.capability("M06")
def test_two_processes_hear_the_same_from_postgresql(tmp_path: Path) -> None:
    with two_servers(tmp_path) as servers:
        everybody_hears(servers)


@pytest.mark.capability("M06")
def test_two_processes_hear_the_same_from_redis(
    tmp_path: Path, settings: LazySettings, require_service: Callable[[str], None]
) -> None:
    require_service("redis")
    with two_servers_on_redis(tmp_path, settings) as servers:
        everybody_hears(servers)


def everybody_hears(servers: list[ServerProcess]) -> None:
    one, other = UserFactory.create_batch(2)
    conversation = direct(one, other)
    topic = f"conversation:{conversation.pk}"
    session_id = open_session(other).session.pk
    ticket = issue_ticket(user=other, session_id=session_id).ticket
    with live(servers[0], one) as mine, live(servers[1], other, ticket=ticket) as theirs:
        for client in (mine, theirs):
            client.send("follow", topic=topic)
            client.next("following")
        realtime.publish(
            users=[one.pk, other.pk], event="message.created", data={"conversation": uuid4()}
        )
        assert mine.next("event")["data"] == theirs.next("event")["data"]
        mine.send("typing", conversation=str(conversation.pk))
        while theirs.next("now")["event"] != "typing":
            pass
        sessions.end_one(user=other, session_id=session_id)
        assert theirs.closed(10) == 4401


@pytest.mark.capability("M06")
def test_what_redis_does_not_bring_is_found_all_the_same(
    tmp_path: Path, settings: LazySettings, require_service: Callable[[str], None]
) -> None:
    require_service("redis")
    user = UserFactory.create()
    with two_servers_on_redis(tmp_path, settings) as servers, live(servers[0], user) as client:
        # A process that ended between its commit and its word to Redis.
        LiveEvent.objects.create(user=user, type="booking.changed", data={"status": "held"})

        assert client.next("event")["data"] == {"status": "held"}


@pytest.mark.capability("M06")
def test_with_redis_a_position_waits_for_what_is_still_open(
    tmp_path: Path, settings: LazySettings, require_service: Callable[[str], None]
) -> None:
    require_service("redis")
    user = UserFactory.create()
    written, may_commit = threading.Event(), threading.Event()

    def long_transaction() -> None:
        with transaction.atomic():
            happen(user)
            written.set()
            assert may_commit.wait(20)
        connections.close_all()

    with two_servers_on_redis(tmp_path, settings) as servers:
        other = threading.Thread(target=long_transaction)
        with live(servers[0], user) as client:
            other.start()
            assert written.wait(20)
            happen(user)
            client.next("event")
        may_commit.set()
        other.join()
        with live(servers[1], user, position=client.position) as again:
            again.next("resumed")

    assert client.numbers() | again.numbers() == set(LiveEvent.objects.values_list("pk", flat=True))
