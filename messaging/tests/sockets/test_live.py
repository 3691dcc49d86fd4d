"""What happens reaches open sockets, as soon as it is certain, and nobody else's."""

from uuid import uuid4

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories.people import UserFactory, sign_in
from config.shared import realtime
from config.tests.server_process import ServerProcess
from messaging.tests.sockets.clients import live


def happen(*users: User, status: str = "held") -> None:
    realtime.publish(
        users=[user.pk for user in users],
        event="booking.changed",
        data={"booking": uuid4(), "status": status},
    )


@pytest.mark.capability("M06")
def test_what_happens_reaches_the_people_it_happens_to(server: ServerProcess) -> None:
    one, other = UserFactory.create_batch(2)

    with live(server, one) as mine, live(server, one) as also_mine, live(server, other) as theirs:
        happen(one)
        happen(other, status="confirmed")

        assert mine.next("event")["data"]["status"] == "held"
        assert also_mine.next("event")["data"]["status"] == "held"
        assert theirs.next("event")["data"]["status"] == "confirmed"
    assert len(mine.events) == len(theirs.events) == 1


@pytest.mark.capability("M06")
def test_what_is_rolled_back_reaches_nobody(server: ServerProcess) -> None:
    user = UserFactory.create()

    with live(server, user) as client:
        with transaction.atomic():
            happen(user, status="never")
            transaction.set_rollback(True)
        happen(user)

        assert client.next("event")["data"]["status"] == "held"


def test_a_client_answers_and_is_answered(server: ServerProcess) -> None:
    with live(server, UserFactory.create()) as client:
        client.send("ping")

        assert client.next("pong") == {"type": "pong"}


@pytest.mark.capability("M07")
def test_a_socket_goes_on_where_asking_ended(server: ServerProcess, api: APIClient) -> None:
    user = UserFactory.create()
    sign_in(api, user)
    position = api.get("/api/v1/realtime/events/").json()["position"]
    happen(user)
    asked = api.get("/api/v1/realtime/events/", {"position": position}).json()

    with live(server, user, position=position) as client:
        client.next("resumed")

    assert [event["id"] for event in client.events] == [event["id"] for event in asked["results"]]
    assert [event["data"] for event in client.events] == [
        event["data"] for event in asked["results"]
    ]
