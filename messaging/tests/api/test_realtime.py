"""Tickets for sockets, and live events by asking."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models.functions import Now
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories.people import UserFactory, sign_in
from config.shared import realtime
from messaging.models import LiveEvent, RealtimeTicket
from messaging.services.live_events import delete_old_events
from messaging.services.positions import Position, present_position
from messaging.services.tickets import delete_old_tickets, redeem_ticket

pytestmark = pytest.mark.django_db

TICKET = "/api/v1/realtime/ticket/"
EVENTS = "/api/v1/realtime/events/"


@pytest.fixture
def person(api: APIClient) -> User:
    user = UserFactory.create()
    sign_in(api, user)
    return user


def happen(user: User, number: int = 1) -> None:
    for _ in range(number):
        realtime.publish(
            users=[user.pk], event="booking.changed", data={"booking": uuid4(), "status": "held"}
        )


def ask(api: APIClient, position: str = "", **parameters: Any) -> dict[str, Any]:
    response = api.get(EVENTS, {"position": position, **parameters} if position else parameters)
    assert response.status_code == 200, response.content
    return dict(response.json())


@pytest.mark.capability("M06")
def test_a_ticket_is_kept_as_a_hash_and_good_once(api: APIClient, person: User) -> None:
    response = api.post(TICKET)

    assert response.status_code == 201
    document = response.json()
    assert set(document) == {"ticket", "expires_in", "path"}
    assert document["expires_in"] == 30
    [kept] = RealtimeTicket.objects.all()
    assert document["ticket"] not in f"{kept.pk}{vars(kept)}"
    admission = redeem_ticket(document["ticket"])
    assert admission is not None
    assert admission.user_id == person.pk
    assert redeem_ticket(document["ticket"]) is None


@pytest.mark.capability("M06")
def test_a_ticket_is_good_for_seconds(api: APIClient, person: User) -> None:
    ticket = api.post(TICKET).json()["ticket"]
    RealtimeTicket.objects.update(expires_at=Now())

    assert redeem_ticket(ticket) is None


@pytest.mark.parametrize("junk", ["", "x", "\x00", "é" * 50, "x" * 5000, "\ud800"])
def test_junk_is_no_ticket(junk: str) -> None:
    assert redeem_ticket(junk) is None


def test_strangers_get_no_ticket(api: APIClient) -> None:
    assert api.post(TICKET).status_code == 401
    assert api.get(EVENTS).status_code == 401
    assert not RealtimeTicket.objects.exists()


def test_tickets_are_limited(api: APIClient, person: User) -> None:
    answers = [api.post(TICKET).status_code for _ in range(61)]

    assert answers == [201] * 60 + [429]


@pytest.mark.capability("M07")
def test_whoever_asks_is_told_what_happened_to_them(api: APIClient, person: User) -> None:
    start = ask(api)
    assert start["results"] == []
    happen(person)
    happen(UserFactory.create())

    answer = ask(api, start["position"])

    [event] = answer["results"]
    assert set(event) == {"id", "event", "data", "at"}
    assert event["event"] == "booking.changed"
    assert event["data"]["status"] == "held"
    assert (answer["more"], answer["reset"]) == (False, False)


@pytest.mark.capability("M07")
def test_pages_are_bounded_and_lead_on(api: APIClient, person: User) -> None:
    position = ask(api)["position"]
    happen(person, 7)
    known: list[int] = []

    for expected in (True, True, False):
        answer = ask(api, position, page_size=3)
        known += [event["id"] for event in answer["results"]]
        position = answer["position"]
        assert answer["more"] is expected

    assert known == sorted(LiveEvent.objects.values_list("pk", flat=True))


def test_what_is_rolled_back_never_happened(api: APIClient, person: User) -> None:
    position = ask(api)["position"]
    with transaction.atomic():
        happen(person)
        transaction.set_rollback(True)

    assert ask(api, position)["results"] == []


@pytest.mark.parametrize(
    "position",
    ["x", "1", "-1.1", "1.1.1", "9" * 19 + ".1", "1." + "9" * 13, "1.1.1.1.1", "١.١", ""],
)
def test_positions_of_ones_own_making_are_refused(
    api: APIClient, person: User, position: str
) -> None:
    response = api.get(EVENTS, {"position": position})

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "invalid_position"


@pytest.mark.parametrize("parameters", [{"page_size": 201}, {"page_size": 0}, {"since": "1"}])
def test_other_parameters_are_refused(
    api: APIClient, person: User, parameters: dict[str, Any]
) -> None:
    assert api.get(EVENTS, parameters).status_code == 400


def test_a_position_that_is_too_old_or_of_another_database_starts_anew(
    api: APIClient, person: User
) -> None:
    now = present_position()
    happen(person)
    old = Position(now.horizon, now.seconds - 8 * 86_400)
    foreign = Position(now.horizon + 1_000_000, now.seconds)

    for position in (old, foreign):
        answer = ask(api, str(position))
        assert answer["reset"] is True
        assert answer["results"] == []
        assert ask(api, answer["position"])["reset"] is False


def test_old_events_and_tickets_are_deleted(api: APIClient, person: User) -> None:
    happen(person, 3)
    first, second, third = LiveEvent.objects.order_by("pk")
    for event, days in ((first, 8), (second, 6)):
        LiveEvent.objects.filter(pk=event.pk).update(created_at=Now() - timedelta(days=days))
    api.post(TICKET)
    api.post(TICKET)
    used = RealtimeTicket.objects.latest("created_at")
    RealtimeTicket.objects.filter(pk=used.pk).update(expires_at=Now() - timedelta(hours=2))

    assert delete_old_events() == 1
    assert delete_old_tickets() == 1

    assert set(LiveEvent.objects.all()) == {second, third}
    assert not RealtimeTicket.objects.filter(pk=used.pk).exists()


def test_asking_costs_the_same_however_much_happened(
    api: APIClient, person: User, assert_constant_queries: Callable[..., None]
) -> None:
    position = ask(api)["position"]

    assert_constant_queries(
        lambda: api.get("/api/v1/realtime/events/", {"position": position}),
        lambda: happen(person),
    )
