"""The moderation queue in the back office."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.groups import MODERATION, SUPPORT
from accounts.models import AuditEvent
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from catalog.tests.factories.market import ProductFactory
from messaging.models import Report
from messaging.services.conversations import open_direct
from messaging.services.messages import post_message
from messaging.services.reports import make_report

pytestmark = pytest.mark.django_db
LIST = "/admin/messaging/report/"
# What a dialog says when it is sent.
SENT = {"_form_submitted": "1"}


def office_of(group: str) -> Client:
    client = Client()
    client.force_login(staff_in(group))
    return client


def report_about(target, kind="product", reporter=None) -> Report:
    return make_report(
        reporter=reporter or UserFactory(), target_type=kind, target_id=target.pk, reason="scam"
    )


def page(report: Report) -> str:
    return f"{LIST}{report.pk}/change/"


@pytest.mark.capability("M08")
def test_staff_see_the_reported_message_with_ten_around_it_and_nothing_else() -> None:
    anna, ben = UserFactory(), UserFactory()
    conversation = open_direct(user=anna, other=ben)
    said = [
        post_message(conversation=conversation, sender=ben, content=f"line-{number:02d}-")
        for number in range(20)
    ]
    report = report_about(said[10], "message", reporter=anna)

    shown = office_of(MODERATION).get(page(report)).content.decode()

    assert "Scam or fraud: message" in shown
    assert "contain:inline-size" in shown
    seen = [number for number in range(20) if f"line-{number:02d}-" in shown]
    assert seen == list(range(5, 16))
    assert AuditEvent.objects.filter(action="messaging.message.read_by_staff").count() == 1


@pytest.mark.capability("M08")
def test_a_moderator_decides_from_the_page() -> None:
    product = ProductFactory()
    report = report_about(product)
    address = reverse("admin:messaging_report_act", args=[report.pk])

    office_of(MODERATION).post(address, {**SENT, "deed": "content_removed", "reason": "A copy"})

    product.refresh_from_db()
    report.refresh_from_db()
    assert (product.status, report.status) == ("removed", "actioned")


@pytest.mark.capability("M08")
def test_nobody_of_the_staff_learns_who_reported_them() -> None:
    accused, reporter = staff_in(MODERATION), UserFactory(full_name="Wilhelmina Quist")
    report = report_about(accused, "user", reporter=reporter)
    own = Client()
    own.force_login(accused)

    assert "Wilhelmina Quist" not in own.get(LIST).content.decode()
    assert own.get(page(report)).status_code == 302
    assert report not in Report.objects.visible_to(accused)
    assert "Wilhelmina Quist" in office_of(MODERATION).get(page(report)).content.decode()


@pytest.mark.capability("M08")
def test_support_looks_and_does_not_decide() -> None:
    report = report_about(ProductFactory())
    office = office_of(SUPPORT)

    office.post(
        reverse("admin:messaging_report_dismiss", args=[report.pk]), {**SENT, "reason": "No need"}
    )

    report.refresh_from_db()
    assert report.status == "open"
    assert office.get(page(report)).status_code == 200


@pytest.mark.capability("M08")
def test_the_queue_costs_the_same_however_long(assert_constant_queries) -> None:
    office = office_of(MODERATION)

    assert_constant_queries(lambda: office.get(LIST), grow=lambda: report_about(ProductFactory()))


def test_the_front_page_of_moderation_says_what_waits() -> None:
    report_about(ProductFactory())

    assert "Reports" in office_of(MODERATION).get("/admin/").content.decode()
