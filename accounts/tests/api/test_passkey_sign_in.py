"""Signing in with a passkey, and the ways in which that is forged."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db.models import F
from django.test import override_settings
from rest_framework.test import APIClient

from accounts.credentials.models import Challenge, Passkey, Session
from accounts.models import AuditEvent, User
from accounts.services import totp
from accounts.tests.authenticator_app import AuthenticatorApp
from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from accounts.tests.software_authenticator import USER_PRESENT, SoftwareAuthenticator, encoded

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
    enrol(person, device)
    Session.objects.all().delete()
    return device


def enrol(person: User, device: SoftwareAuthenticator) -> None:
    owner = client_of(person)
    asked = owner.post("/api/v1/auth/passkeys/options/").json()
    credential = device.register(asked["public_key"])
    body = {"challenge_id": asked["challenge_id"], "credential": credential}
    assert owner.post("/api/v1/auth/passkeys/", body).status_code == 201


def answer(device: SoftwareAuthenticator) -> dict[str, Any]:
    """A body that signs in with ``device``."""
    asked = APIClient().post(OPTIONS).json()
    return {
        "challenge_id": asked["challenge_id"],
        "credential": device.sign(asked["public_key"]),
    }


def test_a_passkey_signs_in_by_itself(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    signed_in = api.post(SIGN_IN, answer(device))

    assert signed_in.status_code == 200
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.json()['access_token']}")
    assert api.get("/api/v1/auth/me/").json()["id"] == str(person.pk)
    assert Session.objects.get().amr == ["passkey"]
    kept = Passkey.objects.get()
    assert (kept.sign_count, kept.last_used_at is not None) == (1, True)


@pytest.mark.capability("A27")
def test_a_passkey_counts_as_two_factors(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    app = AuthenticatorApp(totp.prepare(user=person).secret)
    totp.confirm(user_id=person.pk, code=app.code())

    assert "access_token" in api.post(SIGN_IN, answer(device)).json()


def test_the_question_tells_nothing_about_accounts(
    api: APIClient, device: SoftwareAuthenticator
) -> None:
    asked = api.post(OPTIONS).json()["public_key"]

    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "127.0.0.1"


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

    refused = api.post(SIGN_IN, answer(device))

    assert (refused.status_code, refused.json()["code"]) == (401, "passkey_refused")
    assert not Session.objects.exists()
    assert Passkey.objects.get().sign_count == 0


def test_a_signature_of_something_else_is_refused(
    api: APIClient, device: SoftwareAuthenticator
) -> None:
    body, other = answer(device), answer(device)
    body["credential"]["response"]["signature"] = other["credential"]["response"]["signature"]

    assert api.post(SIGN_IN, body).status_code == 401
    assert not Session.objects.exists()


def test_an_answer_counts_once(api: APIClient, device: SoftwareAuthenticator) -> None:
    body = answer(device)
    assert api.post(SIGN_IN, body).status_code == 200

    again = api.post(SIGN_IN, body)

    assert (again.status_code, again.json()["code"]) == (400, "challenge_closed")
    assert Session.objects.count() == 1


def test_an_answer_to_another_question_is_refused(
    api: APIClient, device: SoftwareAuthenticator
) -> None:
    old, new = answer(device), answer(device)

    refused = api.post(
        SIGN_IN, {"challenge_id": new["challenge_id"], "credential": old["credential"]}
    )

    assert (refused.status_code, refused.json()["code"]) == (401, "passkey_refused")


def test_a_question_waits_five_minutes(api: APIClient, device: SoftwareAuthenticator) -> None:
    body = answer(device)
    Challenge.objects.update(expires_at=F("expires_at") - timedelta(minutes=5))

    assert api.post(SIGN_IN, body).json()["code"] == "challenge_closed"


@pytest.mark.parametrize("counter", [0, 4, 5])
def test_a_copied_passkey_is_caught_by_its_counter(
    api: APIClient, device: SoftwareAuthenticator, counter: int
) -> None:
    device.step = 5
    assert api.post(SIGN_IN, answer(device)).status_code == 200
    device.counter, device.step = counter, 0

    refused = api.post(SIGN_IN, answer(device))

    assert (refused.status_code, refused.json()["code"]) == (401, "passkey_cloned")
    assert Session.objects.count() == 1
    assert Passkey.objects.get().sign_count == 5
    assert AuditEvent.objects.filter(action="accounts.user.passkey_cloned").count() == 1


def test_a_passkey_without_a_counter_signs_in_again(
    api: APIClient, device: SoftwareAuthenticator
) -> None:
    device.step = 0

    assert [api.post(SIGN_IN, answer(device)).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    ("status", "code"), [("suspended", "account_suspended"), ("inactive", "account_inactive")]
)
def test_a_passkey_of_somebody_unwelcome_signs_nobody_in(
    api: APIClient, person: User, device: SoftwareAuthenticator, status: str, code: str
) -> None:
    User.objects.filter(pk=person.pk).update(status=status, is_active=False)

    refused = api.post(SIGN_IN, answer(device))

    assert (refused.status_code, refused.json()["code"]) == (403, code)
    assert not Session.objects.exists()


def test_a_passkey_of_somebody_who_is_gone_is_refused(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    User.objects.filter(pk=person.pk).delete()

    assert api.post(SIGN_IN, answer(device)).json()["code"] == "passkey_refused"


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
    body = answer(device)
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
        body = answer(device)
        data = device._authenticator_data()
        spoiled = data[:place] + bytes([data[place] ^ 0x80]) + data[place + 1 :]
        body["credential"]["response"]["authenticatorData"] = encoded(spoiled)
        assert api.post(SIGN_IN, body).status_code == 401, place

    assert not Session.objects.exists()


def test_an_app_of_ours_on_another_origin_may_ask(
    api: APIClient, device: SoftwareAuthenticator
) -> None:
    device.origin = "https://app.courtyard.example"

    with override_settings(PASSKEY_ORIGINS=["https://app.courtyard.example"]):
        assert api.post(SIGN_IN, answer(device)).status_code == 200


def test_strangers_are_asked_a_hundred_questions_a_quarter_of_an_hour(
    api: APIClient, db: None
) -> None:
    assert {api.post(OPTIONS).status_code for _ in range(100)} == {200}

    late = api.post(OPTIONS)

    assert late.status_code == 429
    assert 0 < int(late["Retry-After"]) <= 900
    assert Challenge.objects.count() == 100
