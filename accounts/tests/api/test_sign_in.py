"""Signing in with a password or a code, and who is refused."""

import pytest
from django.contrib.auth.hashers import make_password
from rest_framework.test import APIClient

from accounts.choices import UserStatus
from accounts.credentials.models import Credential, OneTimeCode, Session
from accounts.models import AuditEvent, User
from accounts.tests.factories.people import PASSWORD, UserFactory, sign_in
from accounts.tests.outbox import code_sent_to, sent_sms
from config.tests.support import drain

pytestmark = pytest.mark.django_db

LOGIN = "/api/v1/auth/login/"
VERIFY = "/api/v1/auth/verify-otp/"
ME = "/api/v1/auth/me/"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.capability("A26")
@pytest.mark.parametrize(
    "identifier", ["+971501234567", "050-123 4567", "Sam@Example.com", "SAM.lee"]
)
def test_phone_email_and_username_identify_the_same_person(api: APIClient, identifier: str) -> None:
    person = UserFactory(
        phone_number="+971501234567",
        email="sam@example.com",
        username="Sam.Lee",
        password=PASSWORD,
    )

    response = api.post(LOGIN, {"identifier": identifier, "password": PASSWORD})

    assert response.status_code == 200
    body = response.json()
    assert body.keys() == {"access_token", "refresh_token", "token_type", "expires_in", "scope"}
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 600, "full")
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {body['access_token']}")
    assert api.get(ME).json()["id"] == str(person.pk)


@pytest.mark.capability("A26")
def test_the_form_of_the_password_grant_is_understood(api: APIClient) -> None:
    UserFactory(email="sam@example.com", password=PASSWORD)

    response = api.post(
        LOGIN,
        f"grant_type=password&username=sam%40example.com&password={PASSWORD.replace(' ', '+')}",
        content_type=FORM,
    )

    assert response.status_code == 200
    assert response.json()["token_type"] == "Bearer"


@pytest.mark.parametrize("name", ["email", "username", "phone_number"])
def test_the_identifier_may_be_called_by_its_kind(api: APIClient, name: str) -> None:
    person = UserFactory(email="sam@example.com", username="sam", password=PASSWORD)

    response = api.post(LOGIN, {name: getattr(person, name), "password": PASSWORD})

    assert response.status_code == 200


@pytest.mark.capability("A01", "A11", "A05")
def test_a_phone_number_alone_is_sent_a_code_that_signs_in(api: APIClient) -> None:
    person = UserFactory(phone_number="+971501234567", phone_verified=False)

    sent = api.post(LOGIN, {"phone_number": "0501234567"})

    assert sent.status_code == 202
    assert sent.json().keys() == {
        "message",
        "challenge_id",
        "expires_in",
        "resend_after",
        "delayed",
    }
    assert (sent.json()["expires_in"], sent.json()["resend_after"]) == (300, 60)
    body = {"challenge_id": sent.json()["challenge_id"], "code": code_sent_to("+971501234567")}
    shown = api.post(VERIFY, body)
    assert shown.status_code == 200
    person.refresh_from_db()
    assert (person.phone_verified, person.is_verified) == (True, True)
    assert person.last_login_at is not None


def test_the_code_of_an_older_client_comes_with_the_phone_number(api: APIClient) -> None:
    UserFactory(phone_number="+971501234567")
    api.post("/api/v1/auth/send-otp/", {"phone_number": "0501234567", "purpose": "login"})

    shown = api.post(
        VERIFY,
        {
            "phone_number": "+971501234567",
            "otp_code": code_sent_to("+971501234567"),
            "purpose": "login",
        },
    )

    assert shown.status_code == 200
    assert shown.json()["token_data"]["scope"] == "full"


def test_only_the_network_that_asked_may_try_a_code_by_phone_number(api: APIClient) -> None:
    UserFactory(phone_number="+971501234567")
    api.post(LOGIN, {"phone_number": "0501234567"})
    code = code_sent_to("+971501234567")
    body = {"phone_number": "+971501234567", "code": code}

    elsewhere = api.post(VERIFY, body, REMOTE_ADDR="203.0.113.9")

    assert elsewhere.status_code == 400
    assert OneTimeCode.objects.get().attempts == 0
    assert api.post(VERIFY, body).status_code == 200


@pytest.mark.capability("A10")
def test_an_unknown_number_gets_the_same_answer_and_is_told_it_has_no_account(
    api: APIClient,
) -> None:
    UserFactory(phone_number="+971501234567")

    known = api.post(LOGIN, {"phone_number": "+971501234567"})
    unknown = api.post(LOGIN, {"phone_number": "+971507654321"})

    assert (known.status_code, unknown.status_code) == (202, 202)
    assert {**known.json(), "challenge_id": ""} == {**unknown.json(), "challenge_id": ""}
    drain()
    assert "has no account" in sent_sms("+971507654321")[0]
    for guess in ("000000", "123456"):
        body = {"challenge_id": unknown.json()["challenge_id"], "code": guess}
        assert api.post(VERIFY, body).status_code == 400
    assert User.objects.count() == 1


@pytest.mark.capability("A10")
def test_wrong_password_and_unknown_account_cannot_be_told_apart(api: APIClient) -> None:
    UserFactory(email="sam@example.com", password=PASSWORD)
    UserFactory(email="no-password@example.com")
    answers = []

    for identifier in ("sam@example.com", "no-password@example.com", "nobody@example.com"):
        response = api.post(LOGIN, {"identifier": identifier, "password": "not the password"})
        answers.append((response.status_code, {**response.json(), "request_id": ""}))

    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 401
    assert answers[0][1]["code"] == "invalid_credentials"


@pytest.mark.capability("A03")
def test_a_suspended_person_learns_it_after_the_right_proof_only(api: APIClient) -> None:
    UserFactory(email="sam@example.com", password=PASSWORD, suspended=True)

    wrong = api.post(LOGIN, {"identifier": "sam@example.com", "password": "not the password"})
    right = api.post(LOGIN, {"identifier": "sam@example.com", "password": PASSWORD})

    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_credentials")
    assert (right.status_code, right.json()["code"]) == (403, "account_suspended")
    assert not Session.objects.exists()


@pytest.mark.capability("A03")
def test_a_deactivated_account_comes_back_by_a_code_and_not_by_a_password(api: APIClient) -> None:
    person = UserFactory(phone_number="+971501234567", password=PASSWORD, inactive=True)

    by_password = api.post(LOGIN, {"identifier": "+971501234567", "password": PASSWORD})

    assert (by_password.status_code, by_password.json()["code"]) == (403, "account_inactive")
    person.refresh_from_db()
    assert person.status == UserStatus.INACTIVE

    sent = api.post(LOGIN, {"phone_number": "+971501234567"})
    body = {"challenge_id": sent.json()["challenge_id"], "code": code_sent_to("+971501234567")}
    assert api.post(VERIFY, body).status_code == 200
    person.refresh_from_db()
    assert (person.status, person.is_active) == (UserStatus.ACTIVE, True)
    assert AuditEvent.objects.filter(action="accounts.user.active", actor=person).count() == 1


def test_an_unproved_address_signs_nobody_in_by_code(api: APIClient) -> None:
    UserFactory(email="typo@example.com", email_verified=False)

    sent = api.post(LOGIN, {"email": "typo@example.com"})

    assert sent.status_code == 202
    assert OneTimeCode.objects.get().user_id is None


@pytest.mark.capability("A27")
def test_a_second_factor_is_asked_for_after_either_proof(api: APIClient) -> None:
    person = UserFactory(phone_number="+971501234567", password=PASSWORD)
    Credential.objects.filter(pk=person.pk).update(
        totp_secret="JBSWY3DPEHPK3PXP", totp_confirmed_at="2026-01-01T00:00:00Z"
    )

    by_password = api.post(LOGIN, {"identifier": "+971501234567", "password": PASSWORD})
    sent = api.post(LOGIN, {"phone_number": "+971501234567"})
    body = {"challenge_id": sent.json()["challenge_id"], "code": code_sent_to("+971501234567")}
    by_code = api.post(VERIFY, body)

    for response in (by_password, by_code):
        assert response.status_code == 200
        assert response.json().keys() == {"mfa_required", "mfa_token", "expires_in"}
        assert response.json()["mfa_required"] is True
    assert not Session.objects.exists()


@pytest.mark.capability("A33")
@pytest.mark.parametrize("algorithm", ["bcrypt_sha256", "pbkdf2_sha256"])
def test_an_imported_hash_is_upgraded_on_sign_in(api: APIClient, algorithm: str) -> None:
    person = UserFactory(email="sam@example.com")
    imported = make_password(PASSWORD, hasher=algorithm)
    Credential.objects.upsert_hash(user_id=person.pk, password_hash=imported)

    response = api.post(LOGIN, {"identifier": "sam@example.com", "password": PASSWORD})

    assert response.status_code == 200
    stored = Credential.objects.get(pk=person.pk)
    assert stored.password_hash.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored.salt
    assert (
        api.post(LOGIN, {"identifier": "sam@example.com", "password": PASSWORD}).status_code == 200
    )


@pytest.mark.parametrize("body", [{}, {"password": PASSWORD}, {"identifier": ""}])
def test_whoever_signs_in_says_who(api: APIClient, body: dict) -> None:
    response = api.post(LOGIN, body)

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/identifier"


def test_a_stale_token_does_not_keep_anybody_from_signing_in(api: APIClient) -> None:
    UserFactory(email="sam@example.com", password=PASSWORD)
    api.credentials(HTTP_AUTHORIZATION="Bearer stale")

    response = api.post(LOGIN, {"identifier": "sam@example.com", "password": PASSWORD})

    assert response.status_code == 200


@pytest.mark.capability("A11")
def test_me_costs_two_queries_and_none_on_the_credentials(
    api: APIClient, assert_constant_queries
) -> None:
    from accounts.tests.factories.organizations import MembershipFactory

    person = UserFactory()
    sign_in(api, person)

    assert_constant_queries(lambda: api.get(ME), lambda: MembershipFactory(user=person))

    assert len(api.get(ME).json()["memberships"]) == 6


def test_me_needs_a_token(api: APIClient) -> None:
    response = api.get(ME)

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
