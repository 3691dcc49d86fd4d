"""Notifications in the API: listed, filtered, counted, read."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from accounts.services.message_templates import TEMPLATES
from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from config.tests.racing import race
from messaging.models import Notification
from messaging.services.categories import has_category
from messaging.services.notifications import notify

LIST = "/api/v1/notifications/"


def tell(user, key="1", template="new_message", **more):
    context = more.pop("context", {"name": "Aisha Khan"})
    return notify(user=user, template=template, context=context, dedupe_key=key, **more)


@pytest.mark.django_db
@pytest.mark.capability("M10")
def test_one_reads_what_one_was_told_in_ones_own_language():
    person = UserFactory(locale="en")
    tell(person, link="/api/v1/conversations/1/")

    (row,) = client_of(person).get(LIST).data["results"]

    assert row["title"] == "New messages from Aisha Khan"
    assert row["body"] == "Aisha Khan has written to you."
    assert (row["type"], row["category"], row["priority"]) == ("new_message", "messages", "normal")
    assert (row["link"], row["data"]) == ("/api/v1/conversations/1/", {"name": "Aisha Khan"})
    assert (row["is_read"], row["read_at"]) == (False, None)
    person.locale = "ar-AE"
    person.save()
    (row,) = client_of(person).get(LIST).data["results"]
    assert row["title"] == "رسائل جديدة من Aisha Khan"


@pytest.mark.django_db
@pytest.mark.capability("M10")
def test_times_stand_in_the_zone_of_the_reader():
    person = UserFactory(time_zone="Asia/Dubai")
    until = datetime(2026, 11, 28, 10, 30, tzinfo=UTC)
    context = {"unit": "A-1", "development": "Marina Heights", "reference": "BK-1", "until": until}

    tell(person, template="hold_placed", context=context)

    (row,) = client_of(person).get(LIST).data["results"]
    assert row["data"]["until"] == "2026-11-28 14:30 (Asia/Dubai)"
    assert "2026-11-28 14:30 (Asia/Dubai)" in row["body"]
    assert row["category"] == "homes"


@pytest.mark.django_db
@pytest.mark.capability("M10")
def test_one_whose_message_is_gone_or_whose_values_are_odd_is_still_shown():
    person = UserFactory()
    tell(person)
    Notification.objects.update(type="long_gone", data={"link_path": "//evil.example"})

    (row,) = client_of(person).get(LIST).data["results"]

    assert (row["title"], row["body"]) == ("Long gone", "")


@pytest.mark.django_db
@pytest.mark.capability("M10")
def test_the_list_is_filtered_and_unknown_filters_are_refused():
    person = UserFactory()
    first = tell(person, "1")
    second = tell(person, "2", urgent=True)
    third = tell(person, template="resident_joined", context={"unit": "1", "building": "B"})
    client = client_of(person)
    client.patch(f"{LIST}{first.pk}/read/")

    def found(query):
        return [row["id"] for row in client.get(f"{LIST}?{query}").data["results"]]

    assert found("") == [str(third.pk), str(second.pk), str(first.pk)]
    assert found("is_read=true") == [str(first.pk)]
    assert found("is_read=false") == [str(third.pk), str(second.pk)]
    assert found("type=resident_joined") == [str(third.pk)]
    assert found("category=community") == [str(third.pk)]
    assert found("priority=urgent") == [str(second.pk)]
    assert client.get(f"{LIST}?category=weather").status_code == 400
    assert client.get(f"{LIST}?colour=red").status_code == 400
    assert client.get(f"{LIST}unread/?type=x").status_code == 400


@pytest.mark.django_db
@pytest.mark.capability("M10")
def test_one_is_read_and_becomes_new_again():
    person = UserFactory()
    told = tell(person)
    client = client_of(person)
    page = f"{LIST}{told.pk}/"

    first = client.patch(f"{page}read/").data
    again = client.patch(f"{page}read/", {"is_read": True}).data
    unread = client.patch(f"{page}read/", {"is_read": False}).data
    refused = client.patch(f"{page}read/", {"is_read": "perhaps"})

    assert first["is_read"] is True
    assert again["read_at"] == first["read_at"]
    assert (unread["is_read"], unread["read_at"]) == (False, None)
    assert refused.status_code == 400
    assert client.get(page).data["is_read"] is False


@pytest.mark.django_db
@pytest.mark.capability("M10")
def test_all_are_counted_by_category_and_read_at_once():
    person, other = UserFactory(), UserFactory()
    tell(person, "1")
    tell(person, "2")
    tell(person, template="resident_joined", context={"unit": "1", "building": "B"})
    tell(other, "3")
    client = client_of(person)

    before = client.get(f"{LIST}unread/").data
    after = client.post(f"{LIST}read-all/").data

    assert before == {
        "count": 3,
        "by_category": [
            {"category": "community", "count": 1},
            {"category": "messages", "count": 2},
        ],
    }
    assert after == {"count": 0, "by_category": []}
    assert client_of(other).get(f"{LIST}unread/").data["count"] == 1


@pytest.mark.django_db
@pytest.mark.capability("M10")
def test_counting_stops_at_a_thousand(monkeypatch):
    monkeypatch.setattr("messaging.services.notification_reading.MOST_COUNTED", 2)
    person = UserFactory()
    for key in "123":
        tell(person, key)

    assert client_of(person).get(f"{LIST}unread/").data["count"] == 2


@pytest.mark.django_db
@pytest.mark.capability("M10")
def test_nobody_else_sees_or_marks_them(api):
    told = tell(UserFactory())
    strangers = [UserFactory(), UserFactory(superuser=True)]

    for stranger in strangers:
        client = client_of(stranger)
        assert client.get(LIST).data["results"] == []
        for page in (f"{LIST}{told.pk}/", f"{LIST}{uuid4()}/"):
            assert client.get(page).status_code == 404
            assert client.patch(f"{page}read/").status_code == 404
        client.post(f"{LIST}read-all/")
    assert api.get(LIST).status_code == 401
    assert api.get(f"{LIST}unread/").status_code == 401
    told.refresh_from_db()
    assert told.read_at is None


@pytest.mark.django_db
@pytest.mark.capability("M10")
def test_the_list_costs_the_same_however_long_it_is(assert_constant_queries):
    person = UserFactory()
    client = client_of(person)

    def grow():
        tell(person, str(uuid4()))

    assert_constant_queries(lambda: client.get("/api/v1/notifications/"), grow)
    assert_constant_queries(lambda: client.get("/api/v1/notifications/unread/"), grow)


@pytest.mark.django_db(transaction=True, databases=["default", "credentials"])
@pytest.mark.capability("M10")
def test_a_happening_told_by_many_at_once_is_one_notification():
    person = UserFactory(with_email=True)

    results = race(*[lambda: tell(person, "same")] * 6)

    assert not [result for result in results if isinstance(result, Exception)]
    assert len([result for result in results if result is not None]) == 1
    assert Notification.objects.filter(user=person).count() == 1
    assert person.outgoing_messages.count() == 1


@pytest.mark.capability("M11")
def test_every_message_is_about_something():
    assert sorted(name for name in TEMPLATES if not has_category(name)) == []
