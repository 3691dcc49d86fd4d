"""Codes over the API: how often they are sent, how often they may be tried, whom they open for."""

import pytest
from rest_framework.test import APIClient

from accounts.credentials.models import OneTimeCode
from accounts.models import AuditEvent, OutgoingMessage
from accounts.services.settings import change_setting
from accounts.tests.factories.people import UserFactory, sign_in
from accounts.tests.outbox import code_sent_to, sent_sms
from config.tests.support import drain

pytestmark = pytest.mark.django_db

SEND = "/api/v1/auth/send-otp/"
VERIFY = "/api/v1/auth/verify-otp/"
PHONE = "+971501234567"
UNKNOWN = "+971507654321"


def wrong(code: str) -> str:
    """Six digits that are not those of ``code``."""
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.mark.capability("A09", "A10")
@pytest.mark.parametrize("phone", [PHONE, UNKNOWN])
@pytest.mark.parametrize("purpose", ["login", "registration", "password_reset"])
def test_a_second_code_within_a_minute_is_refused_for_known_and_unknown_alike(
    api: APIClient, phone: str, purpose: str
) -> None:
    UserFactory(phone_number=PHONE)
    body = {"phone_number": phone, "purpose": purpose}

    first, second = api.post(SEND, body), api.post(SEND, body)

    assert first.status_code == 202
    assert second.status_code == 429
    assert second.json()["code"] == "too_many_requests"
    assert 55 <= int(second["Retry-After"]) <= 60
    assert OneTimeCode.objects.count() == 1
    assert OutgoingMessage.objects.count() == 1


@pytest.mark.capability("A10")
@pytest.mark.parametrize("purpose", ["login", "registration", "password_reset"])
def test_known_and_unknown_get_the_same_answer(api: APIClient, purpose: str) -> None:
    UserFactory(phone_number=PHONE)

    known = api.post(SEND, {"phone_number": PHONE, "purpose": purpose})
    unknown = api.post(SEND, {"phone_number": UNKNOWN, "purpose": purpose})

    assert known.status_code == unknown.status_code == 202
    assert {**known.json(), "challenge_id": ""} == {**unknown.json(), "challenge_id": ""}
    assert OutgoingMessage.objects.count() == 2


@pytest.mark.capability("A08")
def test_after_three_wrong_tries_the_right_code_is_dead_too(api: APIClient) -> None:
    UserFactory(phone_number=PHONE)
    challenge = api.post(SEND, {"phone_number": PHONE}).json()["challenge_id"]
    code = code_sent_to(PHONE)

    tried = [
        api.post(VERIFY, {"challenge_id": challenge, "code": value}).status_code
        for value in (wrong(code), wrong(code), wrong(code), code)
    ]

    assert tried == [400, 400, 400, 400]
    row = OneTimeCode.objects.get()
    assert (row.attempts, row.is_used, row.state, row.is_valid) == (3, False, "dead", False)


@pytest.mark.capability("A06")
def test_a_code_opens_once(api: APIClient) -> None:
    UserFactory(phone_number=PHONE)
    challenge = api.post(SEND, {"phone_number": PHONE}).json()["challenge_id"]
    body = {"challenge_id": challenge, "code": code_sent_to(PHONE)}

    assert api.post(VERIFY, body).status_code == 200
    again = api.post(VERIFY, body)

    assert (again.status_code, again.json()["code"]) == (400, "wrong_code")
    row = OneTimeCode.objects.get()
    assert (row.is_used, row.is_verified, row.state) == (True, True, "used")
    assert row.verified_at is not None


@pytest.mark.capability("A06")
def test_a_code_opens_for_its_purpose_only(api: APIClient) -> None:
    UserFactory(phone_number=PHONE)
    challenge = api.post(SEND, {"phone_number": PHONE, "purpose": "password_reset"}).json()
    body = {"challenge_id": challenge["challenge_id"], "code": code_sent_to(PHONE)}

    for purpose in ("login", "registration", "verification"):
        assert api.post(VERIFY, body | {"purpose": purpose}).status_code == 400

    assert OneTimeCode.objects.get().attempts == 0


@pytest.mark.capability("A06")
def test_an_expired_code_opens_nothing(api: APIClient) -> None:
    UserFactory(phone_number=PHONE)
    challenge = api.post(SEND, {"phone_number": PHONE}).json()["challenge_id"]
    code = code_sent_to(PHONE)
    OneTimeCode.objects.update(expires_at="2026-01-01T00:00:00Z")

    response = api.post(VERIFY, {"challenge_id": challenge, "code": code})

    assert (response.status_code, response.json()["code"]) == (400, "wrong_code")
    row = OneTimeCode.objects.get()
    assert (row.is_expired, row.state, row.attempts) == (True, "expired", 0)


def test_a_newer_code_replaces_the_one_before_it(api: APIClient) -> None:
    UserFactory(phone_number=PHONE)
    old = api.post(SEND, {"phone_number": PHONE}).json()["challenge_id"]
    old_code = code_sent_to(PHONE)
    OneTimeCode.objects.update(created_at="2026-01-01T00:00:00Z")
    new = api.post(SEND, {"phone_number": PHONE}).json()["challenge_id"]

    assert api.post(VERIFY, {"challenge_id": old, "code": old_code}).status_code == 400
    assert OneTimeCode.objects.get(pk=old).state == "superseded"
    body = {"challenge_id": new, "code": code_sent_to(PHONE)}
    assert api.post(VERIFY, body).status_code == 200


@pytest.mark.capability("A07")
def test_neither_the_code_nor_the_number_can_be_read_in_the_database(api: APIClient) -> None:
    UserFactory(phone_number=PHONE)
    api.post(SEND, {"phone_number": PHONE})
    code = code_sent_to(PHONE)

    from django.db import connections

    with connections["credentials"].cursor() as cursor:
        cursor.execute("SELECT row_to_json(code)::text FROM credentials_onetimecode code")
        stored = cursor.fetchone()[0]

    assert PHONE not in stored
    assert PHONE[4:] not in stored
    assert f'"{code}"' not in stored
    assert "dev$" in stored
    assert "+971•••4567" in stored


@pytest.mark.capability("A05", "A06")
def test_a_signed_in_person_verifies_their_own_address(api: APIClient) -> None:
    person = UserFactory(phone_number=PHONE, unverified=True)
    sign_in(api, person, amr=("pwd",))
    sent = api.post(SEND, {"phone_number": PHONE, "purpose": "verification"})

    shown = api.post(
        VERIFY,
        {
            "challenge_id": sent.json()["challenge_id"],
            "code": code_sent_to(PHONE),
            "purpose": "verification",
        },
    )

    assert (shown.status_code, shown.json()) == (200, {"is_verified": True, "channel": "sms"})
    person.refresh_from_db()
    assert person.is_verified
    assert AuditEvent.objects.filter(action="accounts.user.contact_verified").count() == 1


def test_verification_is_for_people_who_are_signed_in_and_for_what_is_theirs(
    api: APIClient,
) -> None:
    body = {"phone_number": PHONE, "purpose": "verification"}
    assert api.post(SEND, body).status_code == 401

    sign_in(api, UserFactory(phone_number=UNKNOWN))
    refused = api.post(SEND, body)

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "not_on_account")
    assert not OneTimeCode.objects.exists()


def test_a_code_for_verification_is_of_no_use_to_anybody_else(api: APIClient) -> None:
    person = UserFactory(phone_number=PHONE, unverified=True)
    sign_in(api, person, amr=("pwd",))
    sent = api.post(SEND, {"phone_number": PHONE, "purpose": "verification"}).json()
    body = {"challenge_id": sent["challenge_id"], "code": code_sent_to(PHONE)}

    sign_in(api, UserFactory())
    assert api.post(VERIFY, body).status_code == 400
    assert APIClient().post(VERIFY, body).status_code == 400

    person.refresh_from_db()
    assert not person.is_verified


@pytest.mark.capability("A09")
def test_countries_that_are_not_served_are_sent_nothing(api: APIClient) -> None:
    change_setting(key="phone_countries", value=["AE"], actor=None)

    refused = api.post(SEND, {"phone_number": "+919876543210"})

    assert (refused.status_code, refused.json()["code"]) == (400, "country_not_served")
    assert not OneTimeCode.objects.exists()
    assert api.post(SEND, {"phone_number": PHONE}).status_code == 202


@pytest.mark.capability("A07")
def test_how_long_a_code_counts_is_a_setting(api: APIClient) -> None:
    UserFactory(phone_number=PHONE)
    change_setting(key="code_seconds", value=120, actor=None)

    sent = api.post(SEND, {"phone_number": PHONE}).json()

    assert sent["expires_in"] == 120
    row = OneTimeCode.objects.get()
    assert (row.expires_at - row.created_at).total_seconds() == 120


@pytest.mark.capability("A15")
def test_the_code_is_in_the_message_and_nowhere_else(api: APIClient, caplog: object) -> None:
    UserFactory(phone_number=PHONE)
    api.post(SEND, {"phone_number": PHONE})
    drain()

    (text,) = sent_sms(PHONE)

    code = code_sent_to(PHONE)
    assert code in text
    assert code not in caplog.text
    assert OutgoingMessage.objects.get().payload is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/code"),
        ({"code": "123456"}, "/challenge_id"),
        ({"code": "123456", "challenge_id": "x"}, "/challenge_id"),
        ({"code": "1" * 13, "challenge_id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/code"),
    ],
)
def test_what_is_shown_has_a_shape(api: APIClient, body: dict, pointer: str) -> None:
    response = api.post(VERIFY, body)

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == pointer
