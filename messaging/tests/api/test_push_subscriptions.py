"""Browsers in the API: taken on, renewed, forgotten."""

import base64
from uuid import uuid4

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from messaging.models import PushSubscription
from messaging.services import push_subscriptions
from messaging.tests.gateways.fake_push import PRIVATE_KEY, Browser

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M11")]

LIST = "/api/v1/push-subscriptions/"
ENDPOINT = "https://push.example.com/send/abc"


@pytest.fixture(autouse=True)
def key(settings):
    settings.WEB_PUSH_PRIVATE_KEY = PRIVATE_KEY
    settings.WEB_PUSH_SUBJECT = "mailto:hello@courtyard.example"


def body(endpoint=ENDPOINT, **changes):
    return {"endpoint": endpoint, "keys": Browser().keys, "device": "Firefox", **changes}


def test_a_browser_is_taken_on_renewed_and_forgotten():
    client = client_of(UserFactory())

    made = client.post(LIST, body())
    again = client.post(LIST, body(device="Firefox on Windows"))
    (listed,) = client.get(LIST).data["results"]

    assert (made.status_code, again.status_code) == (201, 201)
    assert made.data["id"] == again.data["id"] == listed["id"]
    assert listed["device"] == "Firefox on Windows"
    assert set(listed) == {"id", "device", "last_used_at", "created_at", "updated_at"}
    assert client.get(f"{LIST}{listed['id']}/").data == listed
    assert client.delete(f"{LIST}{listed['id']}/").status_code == 204
    assert not PushSubscription.objects.exists()


def test_the_key_is_the_public_half_of_ours(settings):
    client = client_of(UserFactory())

    key = client.get(f"{LIST}key/").data["key"]

    assert len(base64.urlsafe_b64decode(key + "=")) == 65
    assert client.get(f"{LIST}key/?x=1").status_code == 400
    settings.WEB_PUSH_PRIVATE_KEY = ""
    off = client.get(f"{LIST}key/")
    refused = client.post(LIST, body())
    assert (off.status_code, off.json()["code"]) == (409, "push_off")
    assert (refused.status_code, refused.json()["code"]) == (409, "push_off")
    assert not PushSubscription.objects.exists()


def test_a_browser_belongs_to_whoever_signed_in_last():
    first, second = UserFactory(), UserFactory()

    client_of(first).post(LIST, body())
    client_of(second).post(LIST, body())

    assert PushSubscription.objects.get().user == second


def test_of_too_many_the_oldest_goes(monkeypatch):
    monkeypatch.setattr(push_subscriptions, "MOST_BROWSERS", 2)
    person = UserFactory()
    client = client_of(person)

    made = [client.post(LIST, body(f"{ENDPOINT}{place}")).data["id"] for place in range(3)]

    assert {row["id"] for row in client.get(LIST).data["results"]} == set(made[1:])


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://10.0.0.1/x",
        "https://localhost/x",
        "https://user:word@push.example.com/x",
        "ftp://push.example.com/x",
        "not an address",
    ],
)
def test_what_is_no_push_service_is_refused(endpoint):
    answer = client_of(UserFactory()).post(LIST, body(endpoint))

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/endpoint"
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("keys", "pointer"),
    [
        ({"auth": "AAAA"}, "/keys/auth"),
        ({"p256dh": "A" * 87}, "/keys/p256dh"),
        ({"p256dh": "é" * 87}, "/keys/p256dh"),
        ({"p256dh": "*" * 87}, "/keys/p256dh"),
    ],
)
def test_what_is_no_key_is_refused(keys, pointer):
    answer = client_of(UserFactory()).post(LIST, body(keys={**Browser().keys, **keys}))

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_nobody_else_sees_or_forgets_it(api):
    made = client_of(UserFactory()).post(LIST, body()).data

    for stranger in (UserFactory(), UserFactory(superuser=True)):
        client = client_of(stranger)
        assert client.get(LIST).data["results"] == []
        for key in (made["id"], uuid4()):
            assert client.get(f"{LIST}{key}/").status_code == 404
            assert client.delete(f"{LIST}{key}/").status_code == 404
    for answer in (api.get(LIST), api.post(LIST, body()), api.get(f"{LIST}key/")):
        assert answer.status_code == 401
    assert PushSubscription.objects.count() == 1


def test_the_list_costs_the_same_however_long_it_is(assert_constant_queries):
    person = UserFactory()
    client = client_of(person)

    def grow():
        push_subscriptions.subscribe(user=person, endpoint=f"{ENDPOINT}{uuid4()}", **Browser().keys)

    assert_constant_queries(lambda: client.get("/api/v1/push-subscriptions/"), grow)
