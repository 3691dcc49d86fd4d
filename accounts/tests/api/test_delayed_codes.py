"""Codes while SMS or e-mail is down: the answer says so, and says it about everybody."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.choices import MessageChannel, OutgoingStatus
from accounts.models import OutgoingMessage
from accounts.tests.factories.people import UserFactory, sign_in
from config.shared.clock import database_now

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A10")]

SEND = "/api/v1/auth/send-otp/"
PHONE = "+971501234567"
EMAIL = "sam@example.com"


def failures(channel: MessageChannel, count: int = 3, *, minutes_ago: int = 1) -> None:
    """So many messages that did not get through."""
    now = database_now()
    OutgoingMessage.objects.bulk_create(
        OutgoingMessage(
            channel=channel,
            to="someone",
            to_hint="s…",
            template="code",
            status=OutgoingStatus.FAILED,
            error="Twilio answered 500",
            created_at=now - timedelta(minutes=minutes_ago),
            expires_at=now,
        )
        for _ in range(count)
    )


def asked(api: APIClient, **body: str) -> dict[str, Any]:
    response = api.post(SEND, body)
    assert response.status_code == 202, response.content
    return {**response.json(), "challenge_id": ""}


def test_a_code_says_when_its_channel_is_down_and_the_other_is_not(api: APIClient) -> None:
    UserFactory(phone_number=PHONE, email=EMAIL, email_verified=True)
    failures(MessageChannel.SMS)

    by_sms, by_email = asked(api, phone_number=PHONE), asked(api, email=EMAIL)

    assert (by_sms["delayed"], by_email["delayed"]) == (True, False)
    assert by_email["message"] == "If a message can reach this contact, it is on its way."
    assert by_sms["message"].startswith(by_email["message"] + " Messages of this kind do not get")


@pytest.mark.parametrize("purpose", ["login", "registration", "password_reset"])
def test_strangers_learn_nothing_from_it(api: APIClient, purpose: str) -> None:
    UserFactory(phone_number=PHONE)
    failures(MessageChannel.SMS)

    known = asked(api, phone_number=PHONE, purpose=purpose)
    unknown = asked(api, phone_number="+971507654321", purpose=purpose)

    assert known["delayed"] is True
    assert known == unknown


@pytest.mark.parametrize(("count", "minutes_ago"), [(2, 1), (3, 11)])
def test_few_or_old_failures_say_nothing(api: APIClient, count: int, minutes_ago: int) -> None:
    failures(MessageChannel.SMS, count, minutes_ago=minutes_ago)

    assert asked(api, phone_number=PHONE)["delayed"] is False


def test_every_request_for_a_code_says_so(api: APIClient) -> None:
    person = UserFactory(phone_number=PHONE)
    failures(MessageChannel.SMS)
    failures(MessageChannel.EMAIL)

    answers = [
        api.post("/api/v1/auth/login/", {"phone_number": PHONE}),
        api.post("/api/v1/auth/register/", {"phone_number": "+971507654321"}),
        api.post("/api/v1/auth/forgot-password/", {"email": EMAIL}),
    ]
    sign_in(api, person)
    answers += [
        api.post("/api/v1/auth/change-email/", {"email": "new@example.com"}),
    ]

    assert [answer.status_code for answer in answers] == [202] * 4
    assert [answer.json()["delayed"] for answer in answers] == [True] * 4
