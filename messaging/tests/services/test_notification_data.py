"""What is kept of how people are told, and how it is forgotten."""

import pytest

from accounts.tests.factories.people import UserFactory
from config.shared.personal_data import collected
from messaging.models import (
    Delivery,
    Notification,
    NotificationPreference,
    NotificationSchedule,
    PushSubscription,
)
from messaging.services.notifications import notify
from messaging.services.personal_data import forget_notifications, forget_preferences

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M11")]
MODELS = (NotificationPreference, NotificationSchedule, PushSubscription)


def somebody(number: int):
    person = UserFactory(with_email=True)
    notify(user=person, template="new_message", context={"name": "A"}, dedupe_key=str(number))
    NotificationPreference.objects.create(user=person, category="market", channels=["sms"])
    NotificationSchedule.objects.create(user=person, digest="daily")
    PushSubscription.objects.create(
        user=person,
        endpoint="https://push.example.com/1",
        endpoint_hash=str(number),
        p256dh="a-key",
        auth="a-word",
        device="Firefox",
    )
    return person


def test_people_get_all_of_it_but_the_keys_of_their_browsers():
    person = somebody(1)
    somebody(2)

    found = collected(person)

    (told,) = found["messaging.notifications"]
    assert told["type"] == "new_message"
    assert {row["channel"] for row in found["messaging.deliveries"]} == {"in_app", "email"}
    preferences = found["messaging.notification_preferences"]
    assert preferences["channels"][0]["channels"] == ["sms"]
    assert preferences["schedule"][0]["digest"] == "daily"
    (browser,) = found["messaging.push_subscriptions"]
    assert browser["device"] == "Firefox"
    assert "a-key" not in str(browser)
    assert "a-word" not in str(browser)


def test_all_of_it_is_forgotten_and_nothing_of_others():
    person, other = somebody(1), somebody(2)

    forget_notifications(person)
    forget_preferences(person)

    assert forget_preferences(person) == 0
    for model in MODELS:
        assert [row.user for row in model.objects.all()] == [other]
    assert [row.user for row in Notification.objects.all()] == [other]
    assert {row.notification.user for row in Delivery.objects.all()} == {other}
