"""Channels, quiet hours and digests in the API."""

from typing import Any

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from messaging.models import Delivery, NotificationPreference, NotificationSchedule
from messaging.services.notifications import notify

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M11")]

PAGE = "/api/v1/notification-preferences/"
NOTHING: dict[str, Any] = {
    "categories": [],
    "quiet_from": None,
    "quiet_until": None,
    "digest": "off",
}


def by_category(answer):
    return {one["category"]: one for one in answer.data["categories"]}


def test_whoever_has_chosen_nothing_sees_what_is_usual():
    with_email = client_of(UserFactory(with_email=True, time_zone="Asia/Dubai")).get(PAGE)
    phone_only = client_of(UserFactory()).get(PAGE)

    assert list(by_category(with_email)) == [
        "security",
        "messages",
        "market",
        "homes",
        "money",
        "appointments",
        "community",
    ]
    assert by_category(with_email)["market"] == {
        "category": "market",
        "channels": ["email", "in_app"],
        "is_default": True,
        "is_fixed": False,
    }
    security = by_category(with_email)["security"]
    assert security["channels"] == ["email", "in_app", "sms"]
    assert security["is_fixed"] is True
    assert by_category(phone_only)["market"]["channels"] == ["in_app", "sms"]
    assert with_email.data["time_zone"] == "Asia/Dubai"
    assert (with_email.data["quiet_from"], with_email.data["digest"]) == (None, "off")


def test_choices_are_replaced_as_a_whole():
    person = UserFactory(with_email=True)
    client = client_of(person)
    body = {
        "categories": [
            {"category": "market", "channels": []},
            {"category": "homes", "channels": ["sms", "in_app"]},
            {"category": "money", "channels": None},
        ],
        "quiet_from": "22:00",
        "quiet_until": "07:30",
        "digest": "weekly",
    }

    first = client.put(PAGE, body)
    back = client.put(PAGE, first.data)
    second = client.put(PAGE, NOTHING)

    assert first.status_code == 200
    assert by_category(first)["market"]["channels"] == []
    assert by_category(first)["homes"]["channels"] == ["in_app", "sms"]
    assert by_category(first)["money"]["is_default"] is True
    assert (first.data["quiet_from"], first.data["quiet_until"]) == ("22:00", "07:30")
    assert first.data["digest"] == "weekly"
    assert back.status_code == 200
    assert by_category(second)["market"]["is_default"] is True
    assert (second.data["quiet_from"], second.data["digest"]) == (None, "off")
    assert not NotificationPreference.objects.exists()


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"quiet_from": "22:00"}, "/quiet_until", "quiet_incomplete"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "/quiet_until", "quiet_incomplete"),
        ({"quiet_from": "25:00"}, "/quiet_from", "invalid"),
        ({"quiet_from": "9:5"}, "/quiet_from", "invalid"),
        ({"quiet_until": 7}, "/quiet_until", "invalid"),
        ({"digest": "hourly"}, "/digest", "invalid_choice"),
        (
            {"categories": [{"category": "market", "channels": ["pigeon"]}]},
            "/categories/0/channels/0",
            "invalid_choice",
        ),
        (
            {"categories": [{"category": "market", "channels": ["sms", "sms"]}]},
            "/categories/0/channels",
            "repeated",
        ),
        (
            {"categories": [{"category": "market", "channels": []}] * 2},
            "/categories",
            "repeated",
        ),
        ({"categories": "market"}, "/categories", "not_a_list"),
    ],
)
def test_what_cannot_be_meant_is_refused(change, pointer, code):
    answer = client_of(UserFactory()).put(PAGE, {**NOTHING, **change})

    assert answer.status_code == 400
    assert (answer.json()["errors"][0]["pointer"], answer.json()["errors"][0]["code"]) == (
        pointer,
        code,
    )
    assert not NotificationSchedule.objects.exists()


def test_security_notices_cannot_be_switched_off():
    person = UserFactory(with_email=True)
    body = {**NOTHING, "categories": [{"category": "security", "channels": []}]}

    answer = client_of(person).put(PAGE, body)

    assert by_category(answer)["security"]["channels"] == ["email", "in_app", "sms"]
    assert not NotificationPreference.objects.exists()


def test_what_waits_is_let_go_when_the_digest_is_switched_off():
    person = UserFactory(with_email=True)
    NotificationSchedule.objects.create(user=person, digest="weekly")
    notify(user=person, template="new_message", context={"name": "A"}, dedupe_key="1")
    before = Delivery.objects.get(channel="email").not_before

    client_of(person).put(PAGE, NOTHING)

    assert Delivery.objects.get(channel="email").not_before < before


def test_one_sees_and_changes_ones_own_alone(api):
    person, other = UserFactory(), UserFactory()
    body = {**NOTHING, "categories": [{"category": "market", "channels": []}]}
    client_of(person).put(PAGE, body)

    client_of(other).put(PAGE, NOTHING)

    assert by_category(client_of(person).get(PAGE))["market"]["channels"] == []
    assert by_category(client_of(other).get(PAGE))["market"]["is_default"] is True
    assert api.get(PAGE).status_code == api.put(PAGE, NOTHING).status_code == 401
