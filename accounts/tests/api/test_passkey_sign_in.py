"""Signing in with a passkey: by itself, once per question, and only for who may."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import override_settings
from rest_framework.test import APIClient

from accounts.credentials.models import Challenge, Passkey, Session
from accounts.models import User
from accounts.services import challenges, totp
from accounts.tests.authenticator_app import AuthenticatorApp
from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from accounts.tests.software_authenticator import (
    SoftwareAuthenticator,
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


def test_a_passkey_signs_in_by_itself(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    signed_in = api.post(SIGN_IN, passkey_answer(device))

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

    assert "access_token" in api.post(SIGN_IN, passkey_answer(device)).json()


def test_the_question_tells_nothing_about_accounts(
    api: APIClient, device: SoftwareAuthenticator
) -> None:
    asked = api.post(OPTIONS).json()["public_key"]

    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "127.0.0.1"


def test_an_answer_counts_once(api: APIClient, device: SoftwareAuthenticator) -> None:
    body = passkey_answer(device)
    assert api.post(SIGN_IN, body).status_code == 200

    again = api.post(SIGN_IN, body)

    assert (again.status_code, again.json()["code"]) == (400, "challenge_closed")
    assert Session.objects.count() == 1


def test_an_answer_to_another_question_is_refused(
    api: APIClient, device: SoftwareAuthenticator
) -> None:
    old, new = passkey_answer(device), passkey_answer(device)

    refused = api.post(
        SIGN_IN, {"challenge_id": new["challenge_id"], "credential": old["credential"]}
    )

    assert (refused.status_code, refused.json()["code"]) == (401, "passkey_refused")


def test_a_question_waits_five_minutes(api: APIClient, device: SoftwareAuthenticator) -> None:
    body = passkey_answer(device)
    Challenge.objects.update(expires_at=F("expires_at") - timedelta(minutes=5))

    assert api.post(SIGN_IN, body).json()["code"] == "challenge_closed"


def test_a_passkey_without_a_counter_signs_in_again(
    api: APIClient, device: SoftwareAuthenticator
) -> None:
    device.step = 0

    assert [api.post(SIGN_IN, passkey_answer(device)).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    ("status", "code"), [("suspended", "account_suspended"), ("inactive", "account_inactive")]
)
def test_a_passkey_of_somebody_unwelcome_signs_nobody_in(
    api: APIClient, person: User, device: SoftwareAuthenticator, status: str, code: str
) -> None:
    User.objects.filter(pk=person.pk).update(status=status, is_active=False)

    refused = api.post(SIGN_IN, passkey_answer(device))

    assert (refused.status_code, refused.json()["code"]) == (403, code)
    assert not Session.objects.exists()


def test_a_passkey_of_somebody_who_is_gone_is_refused(
    api: APIClient, person: User, device: SoftwareAuthenticator
) -> None:
    User.objects.filter(pk=person.pk).delete()

    assert api.post(SIGN_IN, passkey_answer(device)).json()["code"] == "passkey_refused"


def test_an_app_of_ours_on_another_origin_may_ask(
    api: APIClient, device: SoftwareAuthenticator
) -> None:
    device.origin = "https://app.courtyard.example"

    with override_settings(PASSKEY_ORIGINS=["https://app.courtyard.example"]):
        assert api.post(SIGN_IN, passkey_answer(device)).status_code == 200


def test_strangers_are_asked_so_many_questions_a_quarter_of_an_hour(
    api: APIClient, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenges, "ANONYMOUS_LIMIT", 20)
    assert {api.post(OPTIONS).status_code for _ in range(20)} == {200}

    late = api.post(OPTIONS)

    assert late.status_code == 429
    assert 0 < int(late["Retry-After"]) <= 900
    assert Challenge.objects.count() == 20
