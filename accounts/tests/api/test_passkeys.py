"""Passkeys over the API, with an authenticator in software and real signatures."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from rest_framework.test import APIClient

from accounts.credentials.models import Passkey, Session
from accounts.models import AuditEvent, User
from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory, sign_in
from accounts.tests.outbox import sent_sms
from accounts.tests.software_authenticator import (
    USER_PRESENT,
    SoftwareAuthenticator,
    encoded,
)
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A32")]

PASSKEYS = "/api/v1/auth/passkeys/"
OPTIONS = "/api/v1/auth/passkeys/options/"
Tampering = Callable[[SoftwareAuthenticator], Any]


@pytest.fixture
def person(db: None) -> User:
    return UserFactory()


@pytest.fixture
def device() -> SoftwareAuthenticator:
    return SoftwareAuthenticator()


def register(api: APIClient, device: SoftwareAuthenticator, name: str = "Phone") -> Any:
    """The answer to a passkey that ``device`` made for whoever ``api`` speaks for."""
    asked = api.post(OPTIONS).json()
    credential = device.register(asked["public_key"])
    body = {"challenge_id": asked["challenge_id"], "credential": credential, "name": name}
    return api.post(PASSKEYS, body)


def grow_stale(person: User) -> None:
    Session.objects.of(person.pk).update(
        authenticated_at=F("authenticated_at") - timedelta(hours=1)
    )


def test_a_device_becomes_a_passkey_and_its_owner_is_told(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    sign_in(api, person)

    made = register(api, device)

    assert made.status_code == 201
    assert made.json()["name"] == "Phone"
    assert made.json()["transports"] == ["hybrid", "internal"]
    assert set(made.json()) == {"id", "name", "transports", "created_at", "last_used_at"}
    kept = Passkey.objects.get()
    assert (kept.user_id, bytes(kept.credential_id)) == (person.pk, device.credential_id)
    drain()
    assert "A passkey was added" in sent_sms(person.phone_number)[-1]
    assert AuditEvent.objects.get(action="accounts.user.passkey_added").after == {"name": "Phone"}


def test_the_browser_is_asked_for_a_verified_user_and_for_no_device_twice(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    sign_in(api, person)
    register(api, device)

    asked = api.post(OPTIONS).json()["public_key"]

    assert asked["rp"] == {"id": "127.0.0.1", "name": "Courtyard"}
    assert asked["user"]["id"] == encoded(person.pk.bytes)
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert [key["id"] for key in asked["excludeCredentials"]] == [encoded(device.credential_id)]


def at_another_site(device: SoftwareAuthenticator) -> None:
    device.origin = "https://courtyard.evil.example"


def for_another_host(device: SoftwareAuthenticator) -> None:
    device.host = "evil.example"


def unlocked_by_nobody(device: SoftwareAuthenticator) -> None:
    device.flags = USER_PRESENT


def touched_by_nobody(device: SoftwareAuthenticator) -> None:
    device.flags = 0


def in_a_frame(device: SoftwareAuthenticator) -> None:
    device.framed = True


TAMPERINGS = [
    at_another_site,
    for_another_host,
    unlocked_by_nobody,
    touched_by_nobody,
    in_a_frame,
]


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_a_passkey_made_elsewhere_or_by_nobody_is_not_kept(
    api: APIClient, person: User, device: SoftwareAuthenticator, tamper: Tampering
) -> None:
    sign_in(api, person)
    tamper(device)

    refused = register(api, device)

    assert (refused.status_code, refused.json()["code"]) == (400, "passkey_not_verified")
    assert not Passkey.objects.exists()
    assert not AuditEvent.objects.filter(action="accounts.user.passkey_added").exists()


def test_a_challenge_is_answered_once(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    sign_in(api, person)
    asked = api.post(OPTIONS).json()
    body = {
        "challenge_id": asked["challenge_id"],
        "credential": device.register(asked["public_key"]),
    }
    assert api.post(PASSKEYS, body).status_code == 201

    again = api.post(PASSKEYS, body)

    assert (again.status_code, again.json()["code"]) == (400, "challenge_closed")
    assert Passkey.objects.count() == 1


def test_a_challenge_of_somebody_else_is_not_open(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    sign_in(api, person)
    asked = api.post(OPTIONS).json()
    body = {
        "challenge_id": asked["challenge_id"],
        "credential": device.register(asked["public_key"]),
    }

    refused = client_of(UserFactory()).post(PASSKEYS, body)

    assert (refused.status_code, refused.json()["code"]) == (400, "challenge_closed")
    assert not Passkey.objects.exists()


def test_a_challenge_other_than_the_one_asked_is_refused(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    sign_in(api, person)
    first, second = api.post(OPTIONS).json(), api.post(OPTIONS).json()
    credential = device.register(first["public_key"])

    refused = api.post(PASSKEYS, {"challenge_id": second["challenge_id"], "credential": credential})

    assert (refused.status_code, refused.json()["code"]) == (400, "passkey_not_verified")


def test_a_device_is_registered_once(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    sign_in(api, person)
    register(api, device)

    again = register(client_of(UserFactory()), device)

    assert (again.status_code, again.json()["code"]) == (409, "passkey_exists")
    assert Passkey.objects.get().user_id == person.pk


def test_an_account_has_twenty_passkeys_at_most(api: APIClient, person: User) -> None:
    sign_in(api, person)
    asked = api.post(OPTIONS).json()
    for _ in range(20):
        assert register(api, SoftwareAuthenticator()).status_code == 201

    refused = api.post(OPTIONS)
    credential = SoftwareAuthenticator().register(asked["public_key"])
    late = api.post(PASSKEYS, {"challenge_id": asked["challenge_id"], "credential": credential})

    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_passkeys")
    assert (late.status_code, late.json()["code"]) == (409, "too_many_passkeys")
    assert Passkey.objects.count() == 20


def test_passkeys_are_made_and_removed_on_a_fresh_sign_in(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    sign_in(api, person)
    mine = register(api, device).json()["id"]
    asked = api.post(OPTIONS).json()
    other = SoftwareAuthenticator().register(asked["public_key"])
    grow_stale(person)

    answers = [
        api.post(OPTIONS),
        api.post(PASSKEYS, {"challenge_id": asked["challenge_id"], "credential": other}),
        api.delete(f"{PASSKEYS}{mine}/"),
    ]

    assert [answer.json()["code"] for answer in answers] == ["fresh_sign_in_required"] * 3
    assert [answer.status_code for answer in answers] == [403] * 3
    assert str(Passkey.objects.get().pk) == mine


def test_a_passkey_is_named_and_removed(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    sign_in(api, person)
    path = f"{PASSKEYS}{register(api, device).json()['id']}/"

    assert api.patch(path, {"name": "Old phone"}).json()["name"] == "Old phone"
    assert api.get(PASSKEYS).json()["results"][0]["name"] == "Old phone"
    assert api.patch(path, {"name": ""}).status_code == 400
    assert api.delete(path).status_code == 204

    assert api.get(PASSKEYS).json()["results"] == []
    drain()
    assert "A passkey was removed" in sent_sms(person.phone_number)[-1]


def test_the_passkeys_of_others_are_not_there(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    sign_in(api, person)
    path = f"{PASSKEYS}{register(api, device).json()['id']}/"
    stranger = client_of(UserFactory())

    assert stranger.patch(path, {"name": "Mine now"}).status_code == 404
    assert stranger.delete(path).status_code == 404
    assert stranger.get(PASSKEYS).json()["results"] == []

    assert Passkey.objects.get().name == "Phone"


def test_a_list_of_passkeys_costs_the_same_however_long_it_is(
    api: APIClient, person: User, assert_constant_queries: Callable[..., None]
) -> None:
    sign_in(api, person)

    assert_constant_queries(
        lambda: api.get("/api/v1/auth/passkeys/"),
        lambda: register(api, SoftwareAuthenticator()),
    )


def test_nobody_has_passkeys_without_signing_in(api: APIClient, db: None) -> None:
    assert api.get(PASSKEYS).status_code == 401
    assert api.post(OPTIONS).status_code == 401
    assert api.post(PASSKEYS, {}).status_code == 401
