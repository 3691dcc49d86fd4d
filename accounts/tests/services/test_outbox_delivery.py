"""Outgoing messages on their way: delivered once, tried again, given up, forgotten."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings

from accounts.choices import MessageChannel, OutgoingStatus
from accounts.exceptions import MessageNotRepeatableError
from accounts.models import AuditEvent, OutgoingMessage
from accounts.services import outbox
from accounts.tests.factories.people import UserFactory
from accounts.tests.gateways.fake_smtp import FakeSmtp, free_port
from accounts.tests.gateways.fake_twilio import FakeTwilio
from accounts.tests.outbox import send_code, sent_sms
from config.shared.clock import database_now
from config.shared.jobs import PermanentJobError, RetryLaterError
from config.tests.support import drain, failed_jobs, waiting_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A15")]


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
