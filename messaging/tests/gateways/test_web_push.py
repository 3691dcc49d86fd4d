"""Browsers are told by a real push service on this machine, and nothing private is reached."""

import json
import socket
from uuid import uuid4

import pytest

from accounts.gateways.delivery import DeliveryError
from accounts.tests.factories.people import UserFactory
from config.shared.clock import database_now
from config.tests.support import drain, failed_jobs, waiting_jobs
from messaging.gateways import web_push
from messaging.gateways.open_internet import is_open
from messaging.models import (
    Delivery,
    Notification,
    NotificationPreference,
    NotificationSchedule,
    PushSubscription,
)
from messaging.services.deliveries import retry
from messaging.services.notifications import notify
from messaging.services.push_subscriptions import subscribe
from messaging.services.pushing import send_push
from messaging.tests.gateways.fake_push import PRIVATE_KEY, Browser, FakePush

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M11")]


@pytest.fixture
def push(settings):
    settings.WEB_PUSH_PRIVATE_KEY = PRIVATE_KEY
    settings.WEB_PUSH_SUBJECT = "mailto:hello@courtyard.example"
    settings.WEB_PUSH_LOOPBACK = True
    with FakePush() as service:
        yield service


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def person():
    return UserFactory(with_email=True, locale="hi")


def tell(person, key="1", **more):
    link = "/api/v1/conversations/1/"
    return notify(
        user=person,
        template="new_message",
        context={"name": "Aisha"},
        dedupe_key=key,
        link=link,
        **more,
    )


def of_push():
    return Delivery.objects.get(channel="push")


def test_a_browser_reads_what_its_person_was_told(push, browser, person):
    made = subscribe(user=person, endpoint=push.endpoint, device="Firefox", **browser.keys)
    told = tell(person)
    assert push.requests == []
    drain()

    ((path, headers, body),) = push.requests
    said = json.loads(browser.read(body))
    assert path == "/send/abc"
    assert (said["id"], said["link"]) == (str(told.pk), told.link)
    assert said["title"] == "Aisha के नए संदेश"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Urgency"] == "normal"
    assert int(headers["Ttl"]) > 3600
    assert headers["Authorization"].startswith("vapid t=")
    assert web_push.public_key() in headers["Authorization"]
    assert b"Aisha" not in body
    row = of_push()
    assert (row.status, row.provider_id, row.attempts) == ("sent", "/message/1", 1)
    assert row.subscription == made
    made.refresh_from_db()
    assert made.last_used_at is not None
    send_push(delivery_id=row.pk)
    assert len(push.requests) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_has_gone_is_forgotten(push, browser, person, status):
    push.answers = [(status, {})]
    subscribe(user=person, endpoint=push.endpoint, **browser.keys)
    tell(person)
    drain(retry=True)

    assert not PushSubscription.objects.exists()
    row = of_push()
    assert (row.status, row.reason, row.subscription) == ("failed", "browser_gone", None)
    assert waiting_jobs() == []


def test_a_busy_service_is_asked_again_when_it_says(push, browser, person):
    push.answers = [(429, {"Retry-After": "120"}), (503, {})]
    subscribe(user=person, endpoint=push.endpoint, **browser.keys)
    tell(person)

    drain(retry=True)
    (job,) = waiting_jobs()
    assert (job.scheduled_at - database_now()).total_seconds() > 100
    assert (of_push().status, of_push().reason) == ("queued", "the push service answered 429")
    drain(retry=True, later=True)
    drain(retry=True, later=True)

    assert (of_push().status, of_push().attempts, of_push().reason) == ("sent", 3, "")


def test_a_refusal_is_final_and_staff_may_try_again(push, browser, person):
    push.answers = [(403, {})]
    subscribe(user=person, endpoint=push.endpoint, **browser.keys)
    tell(person)
    drain(retry=True)
    row = of_push()
    assert (row.status, row.reason) == ("failed", "the push service answered 403")
    assert len(failed_jobs()) == 1

    retry(delivery=row, actor=UserFactory(superuser=True))
    drain()

    assert of_push().status == "sent"


def test_a_service_that_is_away_is_tried_eight_times(push, browser, person):
    push.answers = [(500, {})] * 20
    subscribe(user=person, endpoint=push.endpoint, **browser.keys)
    tell(person)

    for _ in range(9):
        drain(retry=True, later=True)

    assert (of_push().status, of_push().attempts) == ("failed", 8)


def test_nobody_is_followed_to_another_address(push, browser, person):
    push.answers = [(302, {"Location": push.endpoint})]
    subscribe(user=person, endpoint=push.endpoint, **browser.keys)
    tell(person)
    drain(retry=True)

    assert len(push.requests) == 1
    assert of_push().reason == "the push service answered 302"


def test_what_was_read_or_is_not_wanted_any_more_is_not_pushed(push, browser, person):
    subscribe(user=person, endpoint=push.endpoint, **browser.keys)
    first, second = tell(person), tell(person, "2")
    Notification.objects.filter(pk=first.pk).update(read_at=database_now())
    NotificationPreference.objects.create(user=person, category="messages", channels=["email"])
    drain()

    rows = Delivery.objects.filter(channel="push")
    assert rows.get(notification=first).reason == "read_meanwhile"
    assert rows.get(notification=second).reason == "not_wanted"
    assert push.requests == []


def test_quiet_hours_hold_it_back(push, browser, person):
    NotificationSchedule.objects.create(
        user=person, quiet_from="00:00", quiet_until="23:59:59", digest="off"
    )
    subscribe(user=person, endpoint=push.endpoint, **browser.keys)
    tell(person)
    drain()
    assert push.requests == []

    drain(later=True)

    assert len(push.requests) == 1


def test_without_a_key_nothing_is_queued(push, browser, person, settings):
    subscribe(user=person, endpoint=push.endpoint, **browser.keys)
    settings.WEB_PUSH_PRIVATE_KEY = ""

    tell(person)

    assert not Delivery.objects.filter(channel="push").exists()
    send_push(delivery_id=uuid4())


def test_a_private_host_is_hung_up_on_before_anything_is_said(push, browser, settings):
    settings.WEB_PUSH_LOOPBACK = False
    port = push.server.server_port
    for endpoint in (push.endpoint, f"https://127.0.0.1:{port}/x", f"https://localhost:{port}/"):
        with pytest.raises(DeliveryError) as refused:
            web_push.send(endpoint=endpoint, payload="x", urgent=False, **browser.keys)
        assert refused.value.permanent is True
    assert push.requests == []


def test_a_service_that_cannot_be_reached_is_tried_later(push, browser):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        with pytest.raises(DeliveryError) as refused:
            web_push.send(endpoint=endpoint, payload="x", urgent=False, **browser.keys)

    assert refused.value.permanent is False


def test_keys_that_are_no_point_of_the_curve_are_a_final_refusal(push, browser):
    keys = {**browser.keys, "p256dh": "B" + "A" * 86}

    with pytest.raises(DeliveryError) as refused:
        web_push.send(endpoint=push.endpoint, payload="x", urgent=False, **keys)

    assert refused.value.permanent is True


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
    ],
)
def test_only_the_open_internet_is_open(address, found, settings):
    settings.WEB_PUSH_LOOPBACK = False

    assert is_open(address) is found
