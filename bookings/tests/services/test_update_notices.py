"""Followers and buyers hear of news from a site once, however often the job runs."""

import pytest
from django.core import mail

from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_sms
from bookings.models import Booking
from bookings.services import update_notices
from bookings.services.update_notices import concerned, tell_of_update
from bookings.tests.factories.homes import BookingFactory
from catalog.services.follows import follow_development
from catalog.services.updates import withdraw_update
from catalog.tests.factories.construction import PhaseFactory, UpdateFactory, site_engineer
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory
from config.tests.support import drain
from messaging.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R26")]


@pytest.fixture
def development():
    return DevelopmentFactory(name="Marina Heights")


def follower(development, **person):
    user = UserFactory(**person)
    follow_development(user=user, development=development)
    return user


def told():
    return set(Notification.objects.values_list("user", flat=True))


def test_followers_and_buyers_are_told_once_each(development):
    reader = follower(development, with_email=True, phone_number=None)
    buyer = BookingFactory(unit=UnitFactory(development=development)).customer
    both = BookingFactory(unit=UnitFactory(development=development)).customer
    follow_development(user=both, development=development)
    follower(DevelopmentFactory())
    engineer = site_engineer(development)
    PhaseFactory(development=development, actor=engineer, in_progress=True, percent="62.9")

    update = UpdateFactory(
        development=development, actor=engineer, title="Roof poured", published=True
    )
    drain()

    assert told() == {reader.pk, buyer.pk, both.pk}
    assert Notification.objects.count() == 3
    note = Notification.objects.get(user=reader)
    assert (note.type, note.link) == ("construction_update", f"/api/v1/updates/{update.pk}/")
    assert note.data == {"development": "Marina Heights", "title": "Roof poured", "percent": "62"}
    assert [message.to for message in mail.outbox] == [[reader.email]]
    assert "62 per cent" in mail.outbox[0].body
    assert len(sent_sms(buyer.phone_number)) == len(sent_sms(both.phone_number)) == 1
    assert tell_of_update(update_id=update.pk) == 0
    assert Notification.objects.count() == 3


def test_who_has_left_is_not_told(development):
    author = site_engineer(development)
    follow_development(user=author, development=development)
    follower(development, suspended=True)
    lapsed = BookingFactory(unit=UnitFactory(development=development))
    Booking.objects.filter(pk=lapsed.pk).update(held_until=lapsed.created_at)

    UpdateFactory(development=development, actor=author, published=True)
    drain()

    assert told() == set()


def test_a_job_that_dies_half_way_tells_the_rest_and_nobody_twice(development, monkeypatch):
    people = [follower(development) for _ in range(5)]
    update = UpdateFactory(development=development, published=True)
    monkeypatch.setattr(update_notices, "BATCH", 2)
    tell, calls = update_notices._tell_batch, []

    def dies_at_the_second_batch(**given):
        calls.append(len(given["people"]))
        if len(calls) == 2:
            raise ConnectionError("The worker was killed.")
        return tell(**given)

    monkeypatch.setattr(update_notices, "_tell_batch", dies_at_the_second_batch)
    with pytest.raises(ConnectionError):
        tell_of_update(update_id=update.pk)
    assert Notification.objects.count() == 2

    assert tell_of_update(update_id=update.pk) == 3

    assert told() == {person.pk for person in people}
    assert Notification.objects.count() == 5
    drain()
    assert all(len(sent_sms(person.phone_number)) == 1 for person in people)


def test_what_was_withdrawn_meanwhile_is_told_to_nobody(development):
    follower(development)
    engineer = site_engineer(development)
    update = UpdateFactory(development=development, actor=engineer, published=True)
    withdraw_update(update=update, actor=engineer)

    drain()

    assert told() == set()
    assert concerned(update).count() == 1


def test_a_second_update_is_told_as_well(development):
    reader = follower(development)

    for _ in range(2):
        UpdateFactory(development=development, published=True)
    drain()

    assert Notification.objects.filter(user=reader).count() == 2
