"""What can wait, in one e-mail."""

from datetime import timedelta

import pytest

from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_email, sent_sms
from config.shared.clock import database_now
from config.tests.racing import race
from config.tests.support import drain
from messaging.models import Delivery, NotificationPreference, NotificationSchedule
from messaging.services import digests
from messaging.services.digests import arrange_digests, send_digest
from messaging.services.notifications import notify

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M11")]


def subscriber(**person):
    user = UserFactory(with_email=True, **person)
    NotificationSchedule.objects.create(user=user, digest="daily")
    return user


def tell(user, *names, **more):
    return [
        notify(user=user, template="new_message", context={"name": name}, dedupe_key=name, **more)
        for name in names
    ]


def ripen():
    Delivery.objects.filter(not_before__isnull=False).update(
        not_before=database_now() - timedelta(seconds=1)
    )


def statuses():
    rows = Delivery.objects.filter(channel="email").order_by("notification__created_at")
    return [(row.status, row.reason) for row in rows]


def test_what_can_wait_comes_in_one_email_in_the_readers_language():
    person = subscriber(locale="ar")
    tell(person, "Aisha", "Priya")

    arrange_digests()
    drain()
    assert sent_email(person.email) == []
    ripen()
    assert arrange_digests() == 1
    drain()

    (mail,) = sent_email(person.email)
    assert mail.subject == "مستجداتك في Courtyard (2)"
    assert "• رسائل جديدة من Aisha" in mail.body
    assert "• رسائل جديدة من Priya" in mail.body
    assert 'dir="rtl"' in mail.alternatives[0][0]
    assert statuses() == [("sent", ""), ("sent", "")]
    assert arrange_digests() == 0
    assert sent_sms() == []


def test_urgent_things_and_files_do_not_wait():
    person = subscriber()
    file = {"name": "a.ics", "content_type": "text/calendar", "content": "x"}

    tell(person, "Aisha", urgent=True)
    tell(person, "Priya", attachments=(file,))
    drain()

    assert len(sent_email(person.email)) == 2


def test_what_was_read_or_is_not_wanted_any_more_is_left_out():
    person = subscriber()
    read, _, other = [
        *tell(person, "Aisha", "Priya"),
        notify(
            user=person,
            template="resident_joined",
            context={"unit": "1", "building": "B"},
            dedupe_key="1",
        ),
    ]
    read.read_at = database_now()
    read.save()
    NotificationPreference.objects.create(user=person, category="community", channels=["in_app"])
    ripen()

    assert send_digest(user_id=person.pk) == 1
    drain()

    (mail,) = sent_email(person.email)
    assert "Priya" in mail.body
    assert "Aisha" not in mail.body
    assert ("suppressed", "read_meanwhile") in statuses()
    assert Delivery.objects.get(notification=other, channel="email").reason == "not_wanted"


def test_a_long_digest_says_that_there_is_more(monkeypatch):
    monkeypatch.setattr(digests, "MOST_LINES", 1)
    person = subscriber()
    tell(person, "Aisha", "Priya", "Omar")
    ripen()

    send_digest(user_id=person.pk)
    drain()

    (mail,) = sent_email(person.email)
    assert "Priya" not in mail.body
    assert "There is more that does not fit here: 2." in mail.body


def test_whoever_lost_their_address_or_has_gone_gets_none():
    person, gone = subscriber(), subscriber()
    tell(person, "Aisha")
    tell(gone, "Priya")
    ripen()
    person.email_verified = False
    person.save()
    key = gone.pk
    gone.delete()

    assert send_digest(user_id=person.pk) == 0
    assert send_digest(user_id=key) == 0
    assert statuses() == [("suppressed", "no_address")]


def test_what_others_write_makes_no_links_in_a_digest():
    person = subscriber()
    tell(person, "https://evil.example <b>")
    ripen()

    send_digest(user_id=person.pk)
    drain()

    (mail,) = sent_email(person.email)
    assert "https://evil" not in mail.body
    assert "<b>" not in mail.alternatives[0][0]


@pytest.mark.django_db(transaction=True, databases=["default", "credentials"])
def test_two_workers_send_one_digest():
    person = subscriber()
    tell(person, "Aisha", "Priya")
    ripen()

    counts = race(*[lambda: send_digest(user_id=person.pk)] * 4)

    assert sorted(counts) == [0, 0, 0, 2]
    assert person.outgoing_messages.filter(template="digest").count() == 1
