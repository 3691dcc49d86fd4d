"""What the staff do about reports."""

import pytest

from accounts.choices import UserStatus
from accounts.groups import MODERATION, SUPPORT
from accounts.models import AuditEvent, User
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import InvalidTransitionError, NotAllowedError
from messaging.choices import ReportAction, ReportStatus
from messaging.models import Message, Notification, Report
from messaging.report_exceptions import ActionUnfitError, PartyToReportError
from messaging.services.conversations import open_direct
from messaging.services.message_changes import delete_message
from messaging.services.messages import post_message
from messaging.services.reports import act_on, dismiss, make_report, put_back, take_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return staff_in(MODERATION)


def report_about(target, kind="product", reporter=None):
    return make_report(
        reporter=reporter or UserFactory(),
        target_type=kind,
        target_id=target.pk,
        reason="scam",
    )


def reported_message():
    anna, ben = UserFactory(), UserFactory()
    conversation = open_direct(user=anna, other=ben)
    message = post_message(conversation=conversation, sender=ben, content="Send money first")
    return report_about(message, "message", reporter=anna), message


@pytest.mark.capability("M08")
def test_a_product_is_taken_down_and_all_its_reports_are_closed(moderator):
    product = ProductFactory()
    first, second = report_about(product), report_about(product)

    act_on(report=first, actor=moderator, action=ReportAction.CONTENT_REMOVED, reason="A copy")

    product.refresh_from_db()
    assert (product.status, product.removal_reason) == ("removed", "A copy")
    for report in (first, second):
        report.refresh_from_db()
        assert (report.status, report.handled_by) == (ReportStatus.ACTIONED, moderator)
    told = Notification.objects.filter(type="report_decided")
    assert {row.user for row in told} == {first.reporter, second.reporter}
    assert not any(str(moderator) in str(row.data) for row in told)


@pytest.mark.capability("M08")
def test_a_message_is_emptied_or_its_conversation_closed(moderator):
    report, message = reported_message()
    act_on(report=report, actor=moderator, action=ReportAction.CONTENT_REMOVED, reason="Scam")
    other, second = reported_message()
    act_on(report=other, actor=moderator, action=ReportAction.CONVERSATION_CLOSED, reason="Scam")

    message.refresh_from_db()
    second.conversation.refresh_from_db()
    assert (message.content, message.removed_by) == ("", moderator)
    assert second.conversation.is_closed


@pytest.mark.capability("M08")
def test_a_person_is_warned_or_suspended(moderator):
    report, _ = reported_message()
    act_on(report=report, actor=moderator, action=ReportAction.PERSON_WARNED, reason="Not here")
    assert Notification.objects.filter(user=report.accused, type="content_warning").exists()

    other, _ = reported_message()
    act_on(report=other, actor=moderator, action=ReportAction.PERSON_SUSPENDED, reason="Again")

    assert User.objects.get(pk=other.accused.pk).status == UserStatus.SUSPENDED


@pytest.mark.capability("M08")
def test_what_does_not_fit_leaves_the_report_open(moderator):
    report = report_about(ProductFactory())

    with pytest.raises(ActionUnfitError):
        act_on(report=report, actor=moderator, action=ReportAction.STREAM_ENDED, reason="No")

    report.refresh_from_db()
    assert report.status == ReportStatus.OPEN


@pytest.mark.capability("M08")
def test_who_may_not_decide_decides_nothing():
    report = report_about(ProductFactory())

    for actor in (UserFactory(), staff_in(SUPPORT)):
        with pytest.raises(NotAllowedError):
            dismiss(report=report, actor=actor, reason="No")
        with pytest.raises(NotAllowedError):
            act_on(report=report, actor=actor, action="content_removed", reason="No")

    report.refresh_from_db()
    assert report.status == ReportStatus.OPEN


@pytest.mark.capability("M08")
def test_nobody_decides_about_themselves_or_on_what_they_reported(moderator):
    other = staff_in(MODERATION)
    own = report_about(ProductFactory(), reporter=moderator)
    about_me = report_about(ProductFactory(seller=other))

    for report, actor in ((own, moderator), (about_me, other)):
        with pytest.raises(PartyToReportError):
            dismiss(report=report, actor=actor, reason="No")
        with pytest.raises(PartyToReportError):
            act_on(report=report, actor=actor, action="content_removed", reason="No")

    assert set(Report.objects.values_list("status", flat=True)) == {ReportStatus.OPEN}


@pytest.mark.capability("M08")
def test_reports_are_taken_up_put_back_and_decided_once(moderator):
    report = report_about(ProductFactory())

    take_up(report=report, actor=moderator)
    put_back(report=report, actor=moderator)
    dismiss(report=report, actor=moderator, reason="All right")

    report.refresh_from_db()
    assert (report.status, report.decision_note) == (ReportStatus.DISMISSED, "All right")
    with pytest.raises(InvalidTransitionError):
        act_on(report=report, actor=moderator, action="content_removed", reason="Late")
    assert AuditEvent.objects.filter(action="messaging.report.dismissed").count() == 1


@pytest.mark.capability("M08")
def test_a_message_that_is_gone_is_said_to_be(moderator):
    report, message = reported_message()
    Message.objects.filter(pk=message.pk).delete()

    with pytest.raises(ActionUnfitError):
        act_on(report=report, actor=moderator, action="content_removed", reason="Scam")


@pytest.mark.capability("M08")
def test_a_report_keeps_all_of_a_message_that_is_deleted_afterwards():
    anna, ben = UserFactory(), UserFactory()
    conversation = open_direct(user=anna, other=ben)
    content = f"{'.' * 2000} I know where you live"
    message = post_message(conversation=conversation, sender=ben, content=content)

    report = report_about(message, "message", reporter=anna)
    delete_message(message=message, actor=ben)

    report.refresh_from_db()
    assert report.snapshot["content"].endswith("I know where you live")
