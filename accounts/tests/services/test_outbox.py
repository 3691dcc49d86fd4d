"""Outgoing messages: queued with the change, delivered once, forgotten afterwards."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction

from accounts.choices import MessageChannel, OutgoingStatus
from accounts.exceptions import MessageNotRepeatableError
from accounts.models import AuditEvent, OutgoingMessage
from accounts.services import outbox
from accounts.services.message_templates import MissingValueError, UnknownTemplateError
from accounts.tests.factories.people import UserFactory
from accounts.tests.gateways.fake_smtp import FakeSmtp, free_port
from accounts.tests.gateways.fake_twilio import ACCOUNT, SENDER, TOKEN, FakeTwilio
from accounts.tests.outbox import code_sent_to, link_sent_to, sent_email, sent_sms
from config.shared.clock import database_now
from config.shared.jobs import PermanentJobError, RetryLaterError
from config.tests.support import drain, failed_jobs, waiting_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A15")]

PHONE = "+971501234567"
CODE = {"purpose": "login", "code": "246810", "minutes": 5}


@pytest.fixture
def twilio(settings: LazySettings) -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        settings.SMS_BACKEND = "twilio"
        settings.TWILIO_ACCOUNT_SID = ACCOUNT
        settings.TWILIO_AUTH_TOKEN = TOKEN
        settings.TWILIO_FROM = SENDER
        settings.TWILIO_BASE_URL = fake.base_url
        yield fake


@pytest.fixture
def smtp(settings: LazySettings) -> Iterator[FakeSmtp]:
    with FakeSmtp() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = server.port
        yield server


def send_code(**changes: Any) -> OutgoingMessage:
    return outbox.send_sms(**{"to": PHONE, "template": "code", "context": CODE, **changes})


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


def test_a_job_that_runs_twice_sends_once() -> None:
    message = send_code()

    outbox.deliver(message_id=message.pk)
    outbox.deliver(message_id=message.pk)
    drain()

    assert len(sent_sms()) == 1


def test_a_message_that_another_worker_is_sending_is_left_to_it() -> None:
    message = send_code()
    OutgoingMessage.objects.update(claimed_until=database_now() + timedelta(seconds=60))

    with pytest.raises(RetryLaterError):
        outbox.deliver(message_id=message.pk)

    assert sent_sms() == []
    OutgoingMessage.objects.update(claimed_until=database_now() - timedelta(seconds=1))
    outbox.deliver(message_id=message.pk)
    assert len(sent_sms()) == 1


def test_a_message_that_is_gone_is_no_fault() -> None:
    outbox.deliver(message_id=uuid.uuid4())

    assert sent_sms() == []


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


def test_a_failing_gateway_is_tried_again_and_nothing_is_lost(twilio: FakeTwilio) -> None:
    twilio.answers = [(500, {}, {}), (429, {"Retry-After": "120"}, {})]
    message = send_code()

    drain(retry=True)
    message.refresh_from_db()
    assert (message.status, message.attempts) == (OutgoingStatus.QUEUED, 1)
    assert message.error == "Twilio answered 500"
    drain(retry=True, later=True)
    [job] = waiting_jobs()
    assert job.scheduled_at is not None
    assert job.scheduled_at - datetime.now(UTC) > timedelta(seconds=110)
    drain(retry=True, later=True)

    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == (OutgoingStatus.SENT, 3, "")
    assert len(twilio.accepted) == 1


def test_a_refused_message_fails_at_once_and_staff_see_why(twilio: FakeTwilio) -> None:
    twilio.answers = [(400, {}, {"code": 21211})]
    message = send_code()

    drain(retry=True)

    message.refresh_from_db()
    assert (message.status, message.attempts) == (OutgoingStatus.FAILED, 1)
    assert message.error == "Twilio answered 400, error 21211"
    assert len(failed_jobs()) == 1
    assert waiting_jobs() == []


def test_a_message_is_given_up_after_eight_tries(twilio: FakeTwilio) -> None:
    twilio.answers = [(500, {}, {})] * 20
    message = send_code()

    for _ in range(8):
        drain(retry=True, later=True)

    message.refresh_from_db()
    assert (message.status, message.attempts) == (OutgoingStatus.FAILED, 8)
    assert len(failed_jobs()) == 1


def test_mail_waits_for_its_server(smtp: FakeSmtp, settings: LazySettings) -> None:
    settings.EMAIL_PORT = free_port()
    message = outbox.send_email(to="aisha@example.com", template="password_changed", context={})

    drain(retry=True)
    message.refresh_from_db()
    assert message.error == "the mail server cannot be reached (ConnectionRefusedError)"
    settings.EMAIL_PORT = smtp.port
    drain(retry=True, later=True)

    message.refresh_from_db()
    assert message.status == OutgoingStatus.SENT
    [received] = smtp.messages
    assert received["Subject"] == "Your password was changed"


def test_our_own_fault_does_not_block_the_message(settings: LazySettings) -> None:
    message = send_code()
    settings.SMS_BACKEND = "pigeon"

    with pytest.raises(KeyError):
        outbox.deliver(message_id=message.pk)

    message.refresh_from_db()
    assert message.claimed_until is None
    assert message.error == "our own fault (KeyError)"
    settings.SMS_BACKEND = "memory"
    drain()
    assert len(sent_sms()) == 1


def test_a_code_that_has_expired_is_not_sent() -> None:
    message = send_code(expires_at=database_now() - timedelta(seconds=1))

    drain()

    message.refresh_from_db()
    assert sent_sms() == []
    assert message.status == OutgoingStatus.FAILED
    assert message.error == "expired before it could be delivered"
    assert message.payload is None


def test_a_code_lives_as_long_as_the_settings_say(settings: LazySettings) -> None:
    settings.CODE_SECONDS = 240

    lifetime = send_code().expires_at - database_now()

    assert timedelta(seconds=235) < lifetime <= timedelta(seconds=240)


def test_texts_are_forgotten_when_their_time_is_over() -> None:
    old = send_code(expires_at=database_now() - timedelta(seconds=1))
    fresh = send_code()

    assert outbox.forget_expired() == 1

    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.status, old.payload) == (OutgoingStatus.FAILED, None)
    assert fresh.payload is not None


def test_old_messages_are_deleted_with_their_addresses(settings: LazySettings) -> None:
    settings.OUTBOX_KEEP_DAYS = 180
    old, recent = send_code(), send_code()
    OutgoingMessage.objects.filter(pk=old.pk).update(
        created_at=database_now() - timedelta(days=181)
    )

    assert outbox.delete_old() == 1

    assert list(OutgoingMessage.objects.all()) == [recent]


def test_staff_can_send_a_failed_message_again(twilio: FakeTwilio) -> None:
    twilio.answers = [(401, {}, {})]
    staff = UserFactory(staff=True)
    message = send_code()
    drain(retry=True)

    outbox.send_again(message=message, actor=staff)
    drain()

    message.refresh_from_db()
    assert message.status == OutgoingStatus.SENT
    assert len(twilio.accepted) == 1
    event = AuditEvent.objects.get(action="outgoing_message.sent_again")
    assert (event.actor, event.object_id) == (staff, str(message.pk))


def test_a_delivered_message_cannot_be_sent_again() -> None:
    message = send_code()
    drain()

    with pytest.raises(MessageNotRepeatableError):
        outbox.send_again(message=message, actor=UserFactory(staff=True))

    assert waiting_jobs() == []
    assert len(sent_sms()) == 1


def test_a_channel_that_only_fails_is_in_trouble(twilio: FakeTwilio) -> None:
    twilio.answers = [(500, {}, {})] * 3
    for _ in range(3):
        send_code()

    drain(retry=True)
    assert outbox.troubled_channels() == {MessageChannel.SMS}

    send_code()
    drain(retry=True)
    assert outbox.troubled_channels() == set()


def test_a_permanent_refusal_says_so_to_the_queue(twilio: FakeTwilio) -> None:
    twilio.answers = [(400, {}, {})]

    with pytest.raises(PermanentJobError, match="Twilio answered 400"):
        outbox.deliver(message_id=send_code().pk)


def test_the_database_keeps_no_text_of_a_delivered_message() -> None:
    message = send_code()

    with pytest.raises(IntegrityError, match="sent_forgets"), transaction.atomic():
        OutgoingMessage.objects.filter(pk=message.pk).update(
            status=OutgoingStatus.SENT, sent_at=database_now()
        )
