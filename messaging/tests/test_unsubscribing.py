"""E-mails of one kind are stopped with one click, without signing in."""

import re

import pytest
from django.core import signing
from django.test import Client

from accounts.services import outbox
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_email
from config.tests.support import drain
from messaging.models import NotificationPreference
from messaging.services.notifications import notify
from messaging.services.unsubscribing import SALT, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M11")]

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def tell(user, key="1"):
    notify(user=user, template="new_message", context={"name": "Aisha"}, dedupe_key=key)
    drain()
    return sent_email(user.email)


def page_of(user, topic="messages"):
    return f"/unsubscribe/{token_of(user.pk, topic)}/"


def channels(user):
    rows = NotificationPreference.objects.filter(user=user)
    return dict(rows.values_list("category", "channels"))


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


def test_the_click_of_a_mail_program_stops_them(strict, settings):
    settings.FRONT_END_URL = "https://app.courtyard.example"
    person = UserFactory(with_email=True)

    (mail,) = tell(person)
    header = mail.extra_headers["List-Unsubscribe"]
    answer = strict.post(header.strip("<>").removeprefix(settings.PUBLIC_BASE_URL), ONE_CLICK)

    assert header.startswith(f"<{settings.PUBLIC_BASE_URL}/unsubscribe/")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert header.strip("<>") in mail.body
    assert header.strip("<>") in mail.alternatives[0][0]
    assert answer.status_code == 200
    assert channels(person) == {"messages": ["in_app"]}
    assert len(tell(person, "2")) == 1


def test_looking_at_the_page_changes_nothing_and_its_button_does(strict):
    person = UserFactory(with_email=True)

    looked = strict.get(page_of(person))
    assert channels(person) == {}
    pressed = strict.post(page_of(person))
    again = strict.post(page_of(person))

    assert '<form method="post">' in looked.content.decode()
    assert "messages from other people" in looked.content.decode()
    assert (looked.status_code, pressed.status_code, again.status_code) == (200, 200, 200)
    assert "Done:" in pressed.content.decode()
    assert channels(person) == {"messages": ["in_app"]}
    assert looked.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in looked.headers["Cache-Control"]
    assert "unsafe" not in looked.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("locale", "direction"), [("en", "ltr"), ("ar", "rtl"), ("hi", "ltr")])
@pytest.mark.parametrize("topic", ["market", "all"])
def test_the_page_speaks_the_language_of_the_person(client, locale, direction, topic):
    person = UserFactory(with_email=True, locale=locale)

    pages = [client.get(page_of(person, topic)), client.post(page_of(person, topic))]

    for page in pages:
        text = page.content.decode()
        assert re.search(rf'<html lang="{locale}"\s+dir="{direction}">', text)
        assert len(re.findall(r"<h1>\s*[^<\s]", text)) == 1
        assert "style=" not in text
        assert "<script" not in text


def test_everything_but_security_is_stopped_from_a_digest(client):
    person = UserFactory(with_email=True)
    NotificationPreference.objects.create(user=person, category="money", channels=["sms"])

    client.post(page_of(person, "all"))

    found = channels(person)
    assert len(found) == 6
    assert "security" not in found
    assert found["money"] == ["sms"]
    assert found["market"] == ["in_app"]


@pytest.mark.parametrize("topic", ["security", "weather", ""])
def test_there_is_no_token_for_what_cannot_be_stopped(client, topic):
    person = UserFactory(with_email=True)

    assert client.post(page_of(person, topic)).status_code == 404
    assert channels(person) == {}


def test_a_token_that_is_not_ours_changes_nothing(client):
    person, gone = UserFactory(with_email=True), UserFactory()
    good = token_of(person.pk, "messages")
    dead = page_of(gone)
    gone.delete()
    tokens = [
        "x",
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        signing.dumps([person.pk.hex, "messages"], salt="other"),
        signing.dumps("text", salt=SALT),
        signing.dumps([person.pk.hex], salt=SALT),
        signing.dumps(["zz", "messages"], salt=SALT),
        "%00",
    ]

    for path in [f"/unsubscribe/{token}/" for token in tokens] + [dead]:
        for method in ("get", "post"):
            assert getattr(client, method)(path).status_code in {400, 404}
    assert channels(person) == {}
    for method in ("put", "delete", "patch"):
        assert getattr(client, method)(page_of(person)).status_code == 405


def test_security_notices_say_nothing_of_it():
    person = UserFactory(with_email=True)
    NotificationPreference.objects.create(user=person, category="community", channels=[])
    outbox.send_email(to=person.email, template="password_changed", context={}, user=person)
    outbox.send_email(
        to="new@example.com",
        template="invitation",
        context={"organization": "A", "inviter": "B", "role": "member", "link_path": "/in/"},
    )
    drain()

    (notice,) = sent_email(person.email)
    (invitation,) = sent_email("new@example.com")

    for mail in (notice, invitation):
        assert "List-Unsubscribe" not in mail.extra_headers
        assert "unsubscribe" not in mail.body
