"""Outgoing messages: queued with the change, in the reader's words, and never in clear."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction

from accounts.choices import OutgoingStatus
from accounts.models import OutgoingMessage
from accounts.services import outbox
from accounts.services.message_templates import MissingValueError, UnknownTemplateError
from accounts.tests.factories.people import UserFactory
from accounts.tests.gateways.fake_twilio import FakeTwilio
from accounts.tests.outbox import (
    CODE,
    PHONE,
    code_sent_to,
    link_sent_to,
    send_code,
    sent_email,
    sent_sms,
)
from config.shared.clock import database_now
from config.tests.support import drain, failed_jobs, waiting_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A15")]


def everything_stored() -> str:
    """All that PostgreSQL holds of messages and jobs, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(row::text, ' ') FROM ("
            " SELECT to_jsonb(m) AS row FROM accounts_outgoingmessage m"
            " UNION ALL SELECT to_jsonb(j) FROM procrastinate_jobs j"
            " UNION ALL SELECT to_jsonb(e) FROM procrastinate_events e) AS everything"
        )
        (text,) = cursor.fetchone()
    return text or ""


def test_an_sms_is_queued_and_then_sent() -> None:
    message = send_code()

    assert message.status == OutgoingStatus.QUEUED
    assert message.to_hint == "+971…67"
    assert sent_sms() == []

    drain()

    message.refresh_from_db()
    assert message.status == OutgoingStatus.SENT
    assert message.sent_at is not None
    assert message.payload is None
    assert (message.attempts, message.provider_id, message.error) == (1, "memory-1", "")
    assert sent_sms(PHONE) == [
        "Courtyard: 246810 is your code to sign in. It works for 5 minutes. Share it with nobody."
    ]


def test_an_email_is_queued_and_then_sent() -> None:
    message = outbox.send_email(to="aisha@example.com", template="code", context=CODE)

    drain()

    message.refresh_from_db()
    [email] = sent_email("aisha@example.com")
    assert message.to_hint == "a…@example.com"
    assert message.provider_id == f"<{message.pk}@127.0.0.1>"
    assert email.subject == "Your Courtyard code"
    assert "246810" in str(email.body)
    assert code_sent_to("aisha@example.com") == "246810"


def test_a_change_that_is_rolled_back_sends_nothing() -> None:
    with transaction.atomic():
        send_code()
        transaction.set_rollback(True)

    assert not OutgoingMessage.objects.exists()
    assert drain() == []
    assert sent_sms() == []


def test_nothing_that_is_stored_or_logged_shows_the_code(
    caplog: pytest.LogCaptureFixture, twilio: FakeTwilio
) -> None:
    caplog.set_level("DEBUG")
    twilio.answers = [(500, {}, {"message": "246810"}), (400, {}, {"message": "246810"})]

    send_code(context={**CODE, "code": "246810"})
    outbox.send_email(
        to="aisha@example.com",
        template="password_reset",
        context={"link_path": "/reset/?token=canary-token", "minutes": 60},
    )
    queued = everything_stored()
    drain(retry=True)
    drain(retry=True, later=True)

    assert [job.task_name for job in failed_jobs()] == ["accounts.deliver_message"]
    for seen in (queued, everything_stored(), caplog.text):
        assert "246810" not in seen
        assert "canary-token" not in seen
    assert "canary-token" in link_sent_to("aisha@example.com")


def test_the_address_is_stored_sealed() -> None:
    outbox.send_email(to="aisha@example.com", template="code", context=CODE)
    send_code()

    assert "aisha@" not in everything_stored()
    assert PHONE not in everything_stored()


def test_a_message_with_a_known_key_is_not_sent_again() -> None:
    first = send_code(dedupe_key="paper:1:30")
    again = send_code(dedupe_key="paper:1:30", context={**CODE, "code": "999999"})
    other = send_code(dedupe_key="paper:1:7")
    drain()
    after = send_code(dedupe_key="paper:1:30")

    assert first == again == after != other
    assert drain() == []
    assert len(sent_sms()) == 2


@pytest.mark.parametrize(
    ("locale", "start"),
    [("ar-AE", "Courtyard: رمزك"), ("hi", "Courtyard: साइन"), ("fr", "Courtyard: 246")],
)
def test_the_language_is_that_of_the_reader(locale: str, start: str) -> None:
    send_code(user=UserFactory(locale=locale))
    drain()

    assert sent_sms()[0].startswith(start)


def test_the_caller_may_name_another_language() -> None:
    message = send_code(user=UserFactory(locale="ar"), locale="en")
    drain()

    assert message.locale == "en"
    assert "is your code" in sent_sms()[0]


def test_times_are_shown_in_the_readers_zone() -> None:
    person = UserFactory(time_zone="Asia/Kolkata")
    at = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)

    outbox.send_sms(
        to=PHONE, template="new_sign_in", context={"device": "iPhone", "at": at}, user=person
    )
    drain()

    assert "2026-11-21 13:00 (Asia/Kolkata)" in sent_sms()[0]


def test_a_link_is_built_from_the_public_address_only(settings: LazySettings) -> None:
    settings.PUBLIC_BASE_URL = "https://courtyard.example"
    values = {"link_path": "/reset/?token=abc", "minutes": 60}

    outbox.send_email(to="aisha@example.com", template="password_reset", context=values)
    drain()

    [email] = sent_email()
    assert "https://courtyard.example/reset/?token=abc" in str(email.body)
    html = str(email.alternatives[0][0])  # type: ignore[attr-defined]
    assert 'href="https://courtyard.example/reset/?token=abc"' in html


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "/\\evil.example", "reset", "/a\nb", ""]
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="begins with one slash"):
        outbox.send_email(
            to="aisha@example.com",
            template="password_reset",
            context={"link_path": path, "minutes": 60},
        )

    assert not OutgoingMessage.objects.exists()


def test_an_unknown_message_is_refused() -> None:
    with pytest.raises(UnknownTemplateError):
        send_code(template="poem")

    assert waiting_jobs() == []


@pytest.mark.parametrize("context", [{"code": "1"}, {**CODE, "colour": "red"}])
def test_a_message_is_told_exactly_what_it_needs(context: dict[str, Any]) -> None:
    with pytest.raises(MissingValueError):
        send_code(context=context)

    assert not OutgoingMessage.objects.exists()


def test_a_code_lives_as_long_as_the_settings_say(settings: LazySettings) -> None:
    settings.CODE_SECONDS = 240

    lifetime = send_code().expires_at - database_now()

    assert timedelta(seconds=235) < lifetime <= timedelta(seconds=240)


def test_the_database_keeps_no_text_of_a_delivered_message() -> None:
    message = send_code()

    with pytest.raises(IntegrityError, match="sent_forgets"), transaction.atomic():
        OutgoingMessage.objects.filter(pk=message.pk).update(
            status=OutgoingStatus.SENT, sent_at=database_now()
        )
