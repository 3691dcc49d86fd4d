"""Answers of passkeys that are forged, copied, spoiled or of another site."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from rest_framework.test import APIClient

from accounts.credentials.models import Passkey, Session
from accounts.models import AuditEvent, User
from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from accounts.tests.software_authenticator import (
    USER_PRESENT,
    SoftwareAuthenticator,
    encoded,
    enrol_passkey,
    passkey_answer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A32")]

OPTIONS = "/api/v1/auth/passkeys/sign-in/options/"
SIGN_IN = "/api/v1/auth/passkeys/sign-in/"


@pytest.fixture
def person(db: None) -> User:
    return UserFactory()


@pytest.fixture
def device(person: User) -> SoftwareAuthenticator:
    """A device that is a passkey of ``person``, who has no session left."""
    device = SoftwareAuthenticator()
    enrol_passkey(client_of(person), device)
    Session.objects.all().delete()
    return device


def at_another_site(device: SoftwareAuthenticator) -> None:
    device.origin = "https://courtyard.evil.example"


def for_another_host(device: SoftwareAuthenticator) -> None:
    device.host = "evil.example"


def unlocked_by_nobody(device: SoftwareAuthenticator) -> None:
    device.flags = USER_PRESENT


def in_a_frame(device: SoftwareAuthenticator) -> None:
    device.framed = True


def with_another_key(device: SoftwareAuthenticator) -> None:
    device.key = ec.generate_private_key(ec.SECP256R1())


def that_nobody_registered(device: SoftwareAuthenticator) -> None:
    device.credential_id = secrets.token_bytes(32)


def naming_nobody(device: SoftwareAuthenticator) -> None:
    device.user_handle = b""


def naming_somebody_else(device: SoftwareAuthenticator) -> None:
    device.user_handle = UserFactory().pk.bytes


@pytest.mark.parametrize(
    "tamper",
    [
        at_another_site,
        for_another_host,
        unlocked_by_nobody,
        in_a_frame,
        with_another_key,
        that_nobody_registered,
        naming_nobody,
        naming_somebody_else,
    ],
)
def test_an_answer_that_does_not_verify_signs_nobody_in(
    api: APIClient, device: SoftwareAuthenticator, tamper: Callable[[SoftwareAuthenticator], None]
) -> None:
    tamper(device)

    refused = api.post(SIGN_IN, passkey_answer(device))

    assert (refused.status_code, refused.json()["code"]) == (401, "passkey_refused")
    assert not Session.objects.exists()
    assert Passkey.objects.get().sign_count == 0


def test_a_signature_of_something_else_is_refused(
    api: APIClient, device: SoftwareAuthenticator
) -> None:
    body, other = passkey_answer(device), passkey_answer(device)
    body["credential"]["response"]["signature"] = other["credential"]["response"]["signature"]

    assert api.post(SIGN_IN, body).status_code == 401
    assert not Session.objects.exists()


@pytest.mark.parametrize("counter", [0, 4, 5])
def test_a_copied_passkey_is_caught_by_its_counter(
    api: APIClient, device: SoftwareAuthenticator, counter: int
) -> None:
    device.step = 5
    assert api.post(SIGN_IN, passkey_answer(device)).status_code == 200
    device.counter, device.step = counter, 0

    refused = api.post(SIGN_IN, passkey_answer(device))

    assert (refused.status_code, refused.json()["code"]) == (401, "passkey_cloned")
    assert Session.objects.count() == 1
    assert Passkey.objects.get().sign_count == 5
    assert AuditEvent.objects.filter(action="accounts.user.passkey_cloned").count() == 1


@pytest.mark.parametrize(
    "spoil",
    [
        {"clientDataJSON": "e30"},
        {"clientDataJSON": ""},
        {"clientDataJSON": "bm8gSlNPTg"},
        {"clientDataJSON": "W10"},
        {"clientDataJSON": 7},
        {"authenticatorData": "AAAA"},
        {"authenticatorData": ""},
        {"authenticatorData": None},
        {"signature": ""},
        {"signature": "%%%"},
        {"signature": ["x"]},
        {"userHandle": 5},
        {"userHandle": None},
    ],
)
def test_answers_that_make_no_sense_are_refused(
    api: APIClient, device: SoftwareAuthenticator, spoil: dict[str, Any]
) -> None:
    body = passkey_answer(device)
    body["credential"]["response"] |= spoil

    refused = api.post(SIGN_IN, body)

    assert (refused.status_code, refused.json()["code"]) == (401, "passkey_refused")
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "credential",
    [
        {},
        [],
        "text",
        None,
        {"id": "a", "rawId": "a", "type": "password", "response": {}},
        {"id": 1, "rawId": 2, "type": "public-key", "response": {}},
        {"id": "a", "rawId": "a", "type": "public-key", "response": []},
        {"id": "a" * 2000, "rawId": "a", "type": "public-key", "response": {}},
    ],
)
def test_bodies_of_another_shape_are_a_400(api: APIClient, db: None, credential: Any) -> None:
    asked = api.post(OPTIONS).json()

    refused = api.post(SIGN_IN, {"challenge_id": asked["challenge_id"], "credential": credential})

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"].startswith("/credential")


def test_every_flipped_bit_is_noticed(api: APIClient, device: SoftwareAuthenticator) -> None:
    for place in range(0, 37, 4):
        body = passkey_answer(device)
        data = device._authenticator_data()
        spoiled = data[:place] + bytes([data[place] ^ 0x80]) + data[place + 1 :]
        body["credential"]["response"]["authenticatorData"] = encoded(spoiled)
        assert api.post(SIGN_IN, body).status_code == 401, place

    assert not Session.objects.exists()
