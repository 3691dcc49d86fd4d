"""Deliveries, messages and preferences in the back office."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.groups import FINANCE, MODERATION, SITE_ADMINISTRATION, SUPPORT
from accounts.models import AuditEvent, OutgoingMessage
from accounts.services.message_templates import TEMPLATES
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from config.shared.email import LANGUAGES
from config.tests.support import drain
from messaging.delivery_exceptions import DeliveryNotRepeatableError
from messaging.models import (
    Delivery,
    NotificationPreference,
    NotificationSchedule,
    PushSubscription,
)
from messaging.services.deliveries import retry
from messaging.services.message_previews import preview_of
from messaging.services.notifications import notify

pytestmark = pytest.mark.django_db
LIST = "/admin/messaging/delivery/"
SENT = {"_form_submitted": "1"}
TEXTS = "/admin/messaging/notification/texts/"


def office_of(group: str) -> Client:
    client = Client()
    client.force_login(staff_in(group))
    return client


def failed() -> Delivery:
    person = UserFactory(with_email=True, full_name="Priya Nair")
    notify(user=person, template="new_message", context={"name": "Aisha"}, dedupe_key="1")
    OutgoingMessage.objects.update(status="failed", error="the mailbox was refused")
    Delivery.objects.filter(channel="email").update(status="failed", reason="refused")
    return Delivery.objects.get(channel="email")


@pytest.mark.capability("M11")
def test_support_finds_what_failed_and_tries_it_again() -> None:
    row = failed()
    office = office_of(SUPPORT)

    listed = office.get(f"{LIST}?status__exact=failed&q=Priya").content.decode()
    office.post(reverse("admin:messaging_delivery_retry", args=[row.pk]), SENT)

    assert "new_message" in listed
    assert "refused" in listed
    row.refresh_from_db()
    assert (row.status, row.reason) == ("queued", "")
    assert AuditEvent.objects.filter(action="messaging.delivery.queued").count() == 1
    drain()
    row.refresh_from_db()
    assert row.status == "sent"


@pytest.mark.capability("M11")
def test_several_are_tried_again_from_the_list() -> None:
    row = failed()
    body = {"action": "try_again", "_selected_action": [str(row.pk)]}

    office_of(SITE_ADMINISTRATION).post(LIST, body)

    row.refresh_from_db()
    assert row.status == "queued"


@pytest.mark.capability("M11")
@pytest.mark.parametrize("group", [MODERATION, FINANCE])
def test_other_groups_neither_see_deliveries_nor_try_them_again(group: str) -> None:
    row = failed()
    office = office_of(group)

    pages = [
        office.get(LIST),
        office.get(f"{LIST}{row.pk}/change/"),
        office.get(TEXTS),
        office.get(f"{TEXTS}new_message/en/"),
        office.post(reverse("admin:messaging_delivery_retry", args=[row.pk]), SENT),
    ]

    assert "Priya" not in "".join(page.content.decode() for page in pages)
    assert not any(b"has written to you" in page.content for page in pages)
    row.refresh_from_db()
    assert row.status == "failed"


@pytest.mark.capability("M11")
@pytest.mark.parametrize("status", ["queued", "sent", "suppressed"])
def test_only_what_has_failed_is_tried_again(status: str) -> None:
    row = failed()
    Delivery.objects.filter(pk=row.pk).update(status=status)

    with pytest.raises(DeliveryNotRepeatableError):
        retry(delivery=row, actor=staff_in(SUPPORT))

    row.refresh_from_db()
    assert row.status == status


@pytest.mark.capability("M11")
def test_nobody_writes_preferences_or_deliveries_by_hand() -> None:
    person = UserFactory()
    NotificationPreference.objects.create(user=person, category="market", channels=["sms"])
    NotificationSchedule.objects.create(user=person, digest="daily")
    browser = PushSubscription.objects.create(
        user=person,
        endpoint="https://push.example.com/secret-address",
        endpoint_hash="1",
        p256dh="secret-key",
        auth="secret-word",
        device="Firefox",
    )
    office = office_of(SUPPORT)

    for name in (
        "notificationpreference",
        "notificationschedule",
        "pushsubscription",
        "delivery",
    ):
        assert office.get(f"/admin/messaging/{name}/").status_code == 200
        assert office.get(f"/admin/messaging/{name}/add/").status_code == 403
    shown = office.get(f"/admin/messaging/pushsubscription/{browser.pk}/change/").content.decode()
    assert "Firefox" in shown
    assert "secret" not in shown


@pytest.mark.capability("M11")
def test_the_front_page_counts_what_failed() -> None:
    failed()

    page = office_of(SUPPORT).get("/admin/").content.decode()

    assert "Notifications in 24 hours" in page
    assert "/admin/messaging/delivery/?status__exact=failed" in page


@pytest.mark.capability("M12")
def test_every_message_is_listed_in_every_language() -> None:
    page = office_of(SUPPORT).get(TEXTS).content.decode()

    links = re.findall(rf'href="{TEXTS}([a-z_]+)/([a-z]+)/"', page)
    assert sorted(links) == sorted((name, code) for name in TEMPLATES for code in LANGUAGES)


@pytest.mark.capability("M12")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_shown_as_text_and_as_html_that_can_do_nothing(language: str) -> None:
    preview = preview_of("new_message", language)

    answer = office_of(SUPPORT).get(f"{TEXTS}new_message/{language}/")
    page = answer.content.decode()

    (frame,) = re.findall(r"<iframe.*?</iframe>", page, re.DOTALL)
    assert 'sandbox=""' in frame
    (inside,) = re.findall(r'srcdoc="([^"]*)"', frame)
    assert html.unescape(inside) == preview.html
    assert html.escape(preview.sms) in page
    assert f'dir="{preview.direction}"' in page
    assert "style-src 'self' 'unsafe-inline'" in answer.headers["Content-Security-Policy"]


@pytest.mark.capability("M12")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_looked_at(language: str) -> None:
    for name in TEMPLATES:
        preview = preview_of(name, language)
        assert preview.subject
        assert f'lang="{language}"' in preview.html
        assert ("unsubscribe" in preview.text) == (preview.category != "security")


@pytest.mark.capability("M12")
@pytest.mark.parametrize("path", ["nothing/en/", "new_message/fr/", "footer/en/"])
def test_there_is_no_page_for_what_is_not_sent(path: str) -> None:
    assert office_of(SUPPORT).get(f"{TEXTS}{path}").status_code == 404
