"""New passwords: with the old one, with a link, with a code."""

import re

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from accounts.choices import SessionEnd
from accounts.credentials.models import Credential, OneTimeCode, Session
from accounts.models import AuditEvent, OutgoingMessage
from accounts.tests.factories.people import PASSWORD, UserFactory, open_session, sign_in
from accounts.tests.outbox import code_sent_to, link_sent_to

pytestmark = pytest.mark.django_db

FORGOT = "/api/v1/auth/forgot-password/"
RESET = "/api/v1/auth/reset-password/"
CHANGE = "/api/v1/auth/change-password/"
LOGIN = "/api/v1/auth/login/"
NEW = "seven green parrots"


def signs_in(identifier: str, password: str) -> int:
    body = {"identifier": identifier, "password": password}
    return APIClient().post(LOGIN, body).status_code


def reaches(token: str) -> bool:
    header = f"Bearer {token}"
    return APIClient().get("/api/v1/auth/me/", HTTP_AUTHORIZATION=header).status_code == 200


def token_in(link: str) -> str:
    return re.search(r"token=([0-9a-f]{32}\.[\w-]{43})$", link)[1]


@pytest.mark.capability("A30")
def test_a_link_by_email_sets_a_new_password_once_and_ends_every_session(api: APIClient) -> None:
    person = UserFactory(email="sam@example.com", email_verified=True, password=PASSWORD)
    signed_in = open_session(person)
    assert api.post(FORGOT, {"email": "SAM@example.com"}).status_code == 202
    token = token_in(link_sent_to("sam@example.com"))

    first = api.post(RESET, {"token": token, "new_password": NEW})
    second = api.post(RESET, {"token": token, "new_password": "another one entirely"})

    assert first.status_code == 204
    assert (second.status_code, second.json()["errors"][0]["pointer"]) == (400, "/token")
    assert (signs_in("sam@example.com", NEW), signs_in("sam@example.com", PASSWORD)) == (200, 401)
    assert not reaches(signed_in.tokens.access_token)
    assert Session.objects.get(pk=signed_in.session.pk).revoked_reason == SessionEnd.PASSWORD
    assert AuditEvent.objects.filter(action="accounts.user.password_changed").count() == 1
    assert OutgoingMessage.objects.filter(template="password_changed").count() == 2


@pytest.mark.capability("A30")
@override_settings(PUBLIC_BASE_URL="https://courtyard.example")
def test_the_link_leads_to_the_public_address_whatever_the_request_says(api: APIClient) -> None:
    UserFactory(email="sam@example.com", email_verified=True)

    evil = {"HTTP_HOST": "evil.example"}
    assert api.post(FORGOT, {"email": "sam@example.com"}, **evil).status_code == 400
    forwarded = {"HTTP_X_FORWARDED_HOST": "evil.example"}
    assert api.post(FORGOT, {"email": "sam@example.com"}, **forwarded).status_code == 202

    link = link_sent_to("sam@example.com")
    assert link.startswith("https://courtyard.example/reset-password/#token=")


@pytest.mark.capability("A30")
def test_a_link_works_for_an_hour(api: APIClient) -> None:
    UserFactory(email="sam@example.com", email_verified=True, password=PASSWORD)
    sent = api.post(FORGOT, {"email": "sam@example.com"}).json()
    assert sent["expires_in"] == 3600
    token = token_in(link_sent_to("sam@example.com"))
    OneTimeCode.objects.update(expires_at="2026-01-01T00:00:00Z")

    assert api.post(RESET, {"token": token, "new_password": NEW}).status_code == 400
    assert signs_in("sam@example.com", PASSWORD) == 200


@pytest.mark.capability("A30", "A10")
def test_unknown_addresses_get_the_same_answer(api: APIClient) -> None:
    UserFactory(email="sam@example.com", email_verified=True)
    UserFactory(email="claim@example.com", email_verified=False)

    answers = [
        api.post(FORGOT, {"email": email})
        for email in ("sam@example.com", "nobody@example.com", "claim@example.com")
    ]

    assert {answer.status_code for answer in answers} == {202}
    assert len({str({**answer.json(), "challenge_id": ""}) for answer in answers}) == 1
    templates = OutgoingMessage.objects.order_by("created_at").values_list("template", flat=True)
    assert list(templates) == ["password_reset", "no_account", "no_account"]


@pytest.mark.capability("A30")
def test_a_phone_is_sent_a_code_instead(api: APIClient) -> None:
    UserFactory(phone_number="+971501234567", password=PASSWORD)
    sent = api.post(FORGOT, {"phone_number": "0501234567"}).json()
    body = {"challenge_id": sent["challenge_id"], "code": code_sent_to("+971501234567")}

    assert api.post(RESET, body | {"new_password": NEW}).status_code == 204

    assert signs_in("+971501234567", NEW) == 200


def test_a_password_that_will_not_do_leaves_the_link_usable(api: APIClient) -> None:
    UserFactory(email="sam@example.com", email_verified=True, password=PASSWORD)
    api.post(FORGOT, {"email": "sam@example.com"})
    token = token_in(link_sent_to("sam@example.com"))

    for weak in ("short", "password1", "sam@example.com", "x" * 129):
        assert api.post(RESET, {"token": token, "new_password": weak}).status_code == 400

    assert api.post(RESET, {"token": token, "new_password": NEW}).status_code == 204


@pytest.mark.capability("A27")
def test_a_reset_does_not_skip_the_second_factor(api: APIClient) -> None:
    person = UserFactory(email="sam@example.com", email_verified=True, password=PASSWORD)
    Credential.objects.filter(pk=person.pk).update(
        totp_secret="JBSWY3DPEHPK3PXP", totp_confirmed_at="2026-01-01T00:00:00Z"
    )
    api.post(FORGOT, {"email": "sam@example.com"})
    token = token_in(link_sent_to("sam@example.com"))

    assert api.post(RESET, {"token": token, "new_password": NEW}).status_code == 204

    response = api.post(LOGIN, {"identifier": "sam@example.com", "password": NEW})
    assert response.json()["mfa_required"] is True


@pytest.mark.capability("A29")
def test_a_reset_opens_every_lock(api: APIClient) -> None:
    person = UserFactory(email="sam@example.com", email_verified=True, password=PASSWORD)
    for _ in range(6):
        signs_in("sam@example.com", "wrong")
    Credential.objects.filter(pk=person.pk).update(failed_login_attempts=100)
    assert signs_in("sam@example.com", PASSWORD) == 429
    api.post(FORGOT, {"email": "sam@example.com"})
    token = token_in(link_sent_to("sam@example.com"))

    assert api.post(RESET, {"token": token, "new_password": NEW}).status_code == 204

    assert signs_in("sam@example.com", NEW) == 200


@pytest.mark.parametrize("token", ["", "x", "0" * 32, f"{'0' * 32}.{'x' * 43}", "é.é"])
def test_a_made_up_link_opens_nothing(api: APIClient, token: str) -> None:
    response = api.post(RESET, {"token": token, "new_password": NEW})

    assert response.status_code == 400


@pytest.mark.capability("A28")
def test_changing_the_password_ends_the_others_and_renews_this_one(api: APIClient) -> None:
    person = UserFactory(password=PASSWORD)
    here, there = sign_in(api, person), open_session(person)

    response = api.post(CHANGE, {"current_password": PASSWORD, "new_password": NEW})

    assert response.status_code == 200
    assert reaches(response.json()["access_token"])
    assert not reaches(here.tokens.access_token)
    assert not reaches(there.tokens.access_token)
    refresh = {"refresh_token": there.tokens.refresh_token}
    assert APIClient().post("/api/v1/auth/refresh/", refresh).status_code == 401
    refresh = {"refresh_token": response.json()["refresh_token"]}
    assert APIClient().post("/api/v1/auth/refresh/", refresh).status_code == 200
    assert signs_in(person.phone_number, NEW) == 200


def test_changing_the_password_takes_the_present_one(api: APIClient) -> None:
    person = UserFactory(password=PASSWORD)
    signed_in = sign_in(api, person)

    refused = api.post(CHANGE, {"current_password": "not it", "new_password": NEW})

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/current_password"
    assert reaches(signed_in.tokens.access_token)
    assert signs_in(person.phone_number, PASSWORD) == 200


@pytest.mark.capability("A14")
def test_whoever_has_no_password_sets_one_after_a_fresh_sign_in(api: APIClient) -> None:
    person = UserFactory()
    sign_in(api, person)
    Session.objects.update(authenticated_at="2026-01-01T00:00:00Z")
    stale = api.post(CHANGE, {"new_password": NEW})
    assert (stale.status_code, stale.json()["code"]) == (403, "fresh_sign_in_required")

    sign_in(api, person)
    assert api.post(CHANGE, {"new_password": NEW}).status_code == 200
    assert signs_in(person.phone_number, NEW) == 200


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (FORGOT, {}, "/identifier"),
        (FORGOT, {"email": "no address"}, "/email"),
        (RESET, {"new_password": NEW}, "/challenge_id"),
        (RESET, {"new_password": NEW, "challenge_id": "0" * 32}, "/code"),
    ],
)
def test_what_is_needed_is_named(api: APIClient, path: str, body: dict, pointer: str) -> None:
    response = api.post(path, body)

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == pointer
