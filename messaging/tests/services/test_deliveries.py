"""What is told on which channel, when, and what became of it."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from accounts.choices import OutgoingStatus
from accounts.models import OutgoingMessage
from accounts.services import outbox
from accounts.tests.conftest import twilio  # noqa: F401 - a fixture
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_email, sent_sms
from config.shared.clock import database_now
from config.tests.support import drain, waiting_jobs
from messaging.choices import NotificationCategory
from messaging.models import (
    Delivery,
    LiveEvent,
    Notification,
    NotificationPreference,
    NotificationSchedule,
)
from messaging.services.categories import register_categories
from messaging.services.deliveries import settle_lost
from messaging.services.notifications import notify

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M11")]


def tell(user, key="1", **more):
    return notify(
        user=user, template="new_message", context={"name": "Aisha"}, dedupe_key=key, **more
    )


def choose(user, *channels, category="messages"):
    NotificationPreference.objects.create(user=user, category=category, channels=channels)


def results(told):
    return {
        (row.channel, row.status, row.reason) for row in Delivery.objects.filter(notification=told)
    }


def always_quiet(user):
    now = database_now()
    return NotificationSchedule.objects.create(
        user=user,
        quiet_from=(now - timedelta(hours=2)).time(),
        quiet_until=(now + timedelta(hours=2)).time(),
    )


def test_whoever_has_chosen_nothing_gets_an_email_and_urgent_things_by_sms_too():
    person, phone_only = UserFactory(with_email=True), UserFactory()

    normal, urgent, only = tell(person), tell(person, "2", urgent=True), tell(phone_only, "3")

    assert results(normal) == {("in_app", "sent", ""), ("email", "queued", "")}
    assert ("sms", "queued", "") in results(urgent)
    assert results(only) == {("in_app", "sent", ""), ("sms", "queued", "")}
    drain()
    assert results(normal) == {("in_app", "sent", ""), ("email", "sent", "")}
    assert len(sent_email(person.email)) == 2
    row = Delivery.objects.get(notification=normal, channel="email")
    assert row.outgoing.user == person
    assert row.provider_id == row.outgoing.provider_id != ""
    assert row.attempts == 1


def test_chosen_channels_are_used_and_the_others_are_written_down_as_not_wanted():
    person = UserFactory(with_email=True)
    choose(person, "in_app", "sms")

    told = tell(person)
    drain()

    assert results(told) == {
        ("in_app", "sent", ""),
        ("sms", "sent", ""),
        ("email", "suppressed", "not_wanted"),
    }
    assert sent_email(person.email) == []


def test_what_is_not_wanted_in_the_app_is_sent_and_stands_in_no_list():
    person = UserFactory(with_email=True)
    choose(person, "email")

    told = tell(person)

    assert told.in_app is False
    assert not Notification.objects.visible_to(person).exists()
    assert ("in_app", "suppressed", "not_wanted") in results(told)
    assert not LiveEvent.objects.filter(user=person).exists()


def test_a_channel_that_was_never_proved_is_not_used():
    person = UserFactory(email="new@example.com", email_verified=False)
    choose(person, "email", "in_app")

    told = tell(person)
    drain()

    assert ("email", "suppressed", "no_address") in results(told)
    assert sent_email("new@example.com") == []
    assert sent_sms() == []


def test_clients_hear_of_it_at_once():
    person = UserFactory()

    told = tell(person)

    event = LiveEvent.objects.get(user=person)
    assert event.type == "notification.created"
    assert event.data["notification"] == str(told.pk)


def test_quiet_hours_hold_back_all_but_the_notification():
    person = UserFactory(with_email=True, time_zone="UTC")
    quiet = always_quiet(person)

    told = tell(person, urgent=True)
    drain()

    assert results(told) == {
        ("in_app", "sent", ""),
        ("email", "queued", ""),
        ("sms", "queued", ""),
    }
    held = Delivery.objects.filter(notification=told, status="queued")
    ends = {row.not_before for row in held}
    assert {end.time() for end in ends} == {quiet.quiet_until}
    assert {job.scheduled_at for job in waiting_jobs()} == ends
    message = held.get(channel="email").outgoing
    assert message.expires_at > held[0].not_before + timedelta(days=2)
    drain(later=True)
    assert ("email", "sent", "") in results(told)
    assert ("sms", "sent", "") in results(told)


def test_security_notices_come_at_once_on_every_proved_channel(monkeypatch):
    monkeypatch.setitem(
        notify.__globals__, "category_of", lambda template: NotificationCategory.SECURITY
    )
    person = UserFactory(with_email=True, time_zone="UTC")
    always_quiet(person)
    NotificationSchedule.objects.update(digest="weekly")
    choose(person, category="messages")

    told = tell(person)

    assert {(channel, status) for channel, status, _ in results(told)} == {
        ("in_app", "sent"),
        ("email", "queued"),
        ("sms", "queued"),
    }
    assert not Delivery.objects.filter(not_before__isnull=False).exists()


def test_what_fails_for_good_is_written_down_with_the_reason(twilio):  # noqa: F811
    twilio.answers = [(400, {}, {"code": 21211})]
    person = UserFactory()

    told = tell(person)
    drain(retry=True)

    assert ("sms", "failed", "Twilio answered 400, error 21211") in results(told)


def test_what_was_stopped_after_it_was_queued_is_not_sent():
    person = UserFactory(with_email=True)
    told = tell(person)
    choose(person, "in_app")

    drain()

    assert sent_email(person.email) == []
    assert ("email", "suppressed", "not_wanted") in results(told)
    message = OutgoingMessage.objects.get()
    assert (message.status, message.payload) == (OutgoingStatus.FAILED, None)


def test_people_who_stop_messages_are_no_sign_of_trouble():
    for _ in range(4):
        person = UserFactory(with_email=True)
        tell(person, str(person.pk))
        choose(person, "in_app")
    drain()

    assert outbox.troubled_channels() == set()


def test_a_message_that_expired_is_settled_later():
    told = tell(UserFactory())
    OutgoingMessage.objects.update(expires_at=database_now() - timedelta(seconds=1))
    outbox.forget_expired()

    assert settle_lost() == 1
    assert settle_lost() == 0
    assert ("sms", "failed", outbox.EXPIRED) in results(told)


def test_nobody_who_left_is_told_and_nothing_is_told_twice():
    gone, person = UserFactory(suspended=True), UserFactory()

    assert tell(gone) is None
    assert tell(person) is not None
    assert tell(person) is None
    assert Delivery.objects.count() == 2


def test_a_change_that_is_undone_tells_nobody_anything():
    person = UserFactory(with_email=True)

    def undone():
        with transaction.atomic():
            tell(person)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    drain()

    assert not Delivery.objects.exists()
    assert sent_email(person.email) == []


def test_a_message_is_about_one_thing():
    register_categories({"new_message": NotificationCategory.MESSAGES})
    with pytest.raises(ValueError, match="already"):
        register_categories({"new_message": NotificationCategory.MARKET})


def test_a_delivery_knows_when_it_last_changed():
    told = tell(UserFactory())

    assert isinstance(Delivery.objects.filter(notification=told).first().at, datetime)
