"""The hub on its own: what it keeps, and the second net under the end of a session."""

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from accounts.tests.factories.people import UserFactory, open_session
from config.shared import health
from config.tests.server_process import ServerProcess
from messaging.models import Participant
from messaging.services.tickets import Admission
from messaging.sockets import codes
from messaging.sockets.desk import Desk
from messaging.sockets.hub import Hub
from messaging.sockets.mailbox import LIMIT, Mailbox
from messaging.tests.factories.conversations import direct
from messaging.tests.sockets.clients import live


@pytest.fixture(autouse=True)
def fresh_report() -> Iterator[None]:
    health.forget()
    yield
    health.forget()


def admission() -> Admission:
    return Admission(uuid4(), uuid4(), 0)


def test_a_mailbox_holds_so_much_and_then_ends_its_socket() -> None:
    ended: list[int] = []
    mailbox = Mailbox(admission(), lambda code, reason: ended.append(code))

    for number in range(LIMIT):
        mailbox.put("x", number)
    assert ended == []
    for _ in range(3):
        mailbox.put("x")

    assert ended == [codes.TOO_SLOW]
    assert mailbox.is_empty


def test_what_a_socket_was_told_already_is_not_said_again() -> None:
    mailbox = Mailbox(admission(), lambda code, reason: None)
    mailbox.known = {1, 3}
    for number in (1, 2, 3):
        mailbox.put(f"event {number}", number)

    async def read() -> list[str | None]:
        return [await mailbox.next(0), await mailbox.next(0)]

    assert asyncio.run(read()) == ["event 2", None]


def test_nothing_is_left_of_a_socket_that_is_gone() -> None:
    async def come_and_go() -> Hub:
        hub = Hub(Desk())
        mailbox = Mailbox(admission(), lambda code, reason: None)
        hub.add(mailbox)
        hub.follow(mailbox, f"stream:{uuid4()}")
        hub.remove(mailbox)
        return hub

    hub = asyncio.run(come_and_go())

    assert (hub.people, hub.topics) == ({}, {})


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("M06")
def test_a_round_finds_sessions_that_ended_unheard() -> None:
    staying, going = UserFactory.create_batch(2)
    ended: list[Any] = []
    boxes = {
        user: Mailbox(
            Admission(user.pk, open_session(user).session.pk, user.token_version),
            lambda code, reason, user=user: ended.append((user, code)),
        )
        for user in (staying, going)
    }
    User.objects.filter(pk=going.pk).update(token_version=F("token_version") + 1)

    async def look() -> None:
        hub = Hub(Desk(threads=1))
        for mailbox in boxes.values():
            hub.add(mailbox)
        await hub.look_again(hub.mailboxes())
        await hub.desk.ask(connections.close_all)

    asyncio.run(look())

    assert ended == [(going, codes.SIGNED_OUT)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("M05")
def test_a_round_lets_nobody_follow_what_they_have_left() -> None:
    staying, leaving = UserFactory.create_batch(2)
    conversation = direct(staying, leaving)
    topic = f"conversation:{conversation.pk}"
    boxes = {
        user: Mailbox(Admission(user.pk, uuid4(), 0), lambda code, reason: None)
        for user in (staying, leaving)
    }
    Participant.objects.filter(user=leaving).update(left_at=Now(), left_seq=0)

    async def look() -> Hub:
        hub = Hub(Desk(threads=1))
        for mailbox in boxes.values():
            hub.add(mailbox)
            hub.follow(mailbox, topic)
        await hub.look_at_topics()
        await asyncio.gather(*hub._errands)
        await hub.desk.ask(connections.close_all)
        return hub

    hub = asyncio.run(look())

    assert hub.topics == {topic: {boxes[staying]}}
    assert boxes[leaving].topics == set()
    assert not boxes[leaving].is_empty


def test_the_report_and_the_figures_tell_of_sockets(server: ServerProcess) -> None:

    chief = UserFactory.create(superuser=True)
    token = open_session(chief).tokens.access_token
    with live(server, chief):
        address = f"http://127.0.0.1:{server.port}/api/v1/health/"
        asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(asked, timeout=15) as response:
            found = json.load(response)["checks"]["realtime"]

    assert found["state"] == "ok"
    assert found["carried_by"] == "database"
    assert found["sockets"] == 1
    assert found["settled_seconds_ago"] < 60
