"""Reminders of papers that run out: 30, 7 and 1 days before, once each."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts import tasks
from accounts.gateways.sms import MemorySms
from accounts.models import OutgoingMessage
from accounts.services.calendars import today_of
from accounts.services.paper_reminders import remind_of_expiring_papers
from accounts.services.papers import replace_paper
from accounts.tests.factories.organizations import OrganizationFactory, owner_of, seated
from accounts.tests.factories.papers import PaperFactory
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_email, sent_sms
from config.tests.racing import race
from config.tests.support import drain

DUBAI = ZoneInfo("Asia/Dubai")
NOON = datetime(2030, 6, 1, 12, tzinfo=DUBAI)
LAST_DAY = NOON.date() + timedelta(days=40)


@pytest.fixture
def paper(db):
    return PaperFactory(
        holder=UserFactory(contractor=True, with_email=True, full_name="Gulf Light"),
        valid_until=LAST_DAY,
    )


def days_before(days, hour=12):
    return datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, hour, tzinfo=DUBAI) - timedelta(
        days=days
    )


@pytest.mark.capability("A34")
def test_a_contractor_is_reminded_30_7_and_1_days_before_and_at_no_other_time(paper):
    reminded = [
        days
        for days in range(40, -4, -1)
        for hour in (1, 9, 23)
        if remind_of_expiring_papers(now=days_before(days, hour))
    ]

    assert reminded == [30, 7, 1]
    drain()
    subjects = [message.subject for message in sent_email(paper.user.email)]
    assert subjects == [
        "The licence of Gulf Light expires in 30 days",
        "The licence of Gulf Light expires in 7 days",
        "The licence of Gulf Light expires in 1 day",
    ]
    assert sent_sms() == []


@pytest.mark.capability("A34")
def test_after_days_without_a_run_only_the_latest_reminder_is_sent(paper):
    assert remind_of_expiring_papers(now=days_before(5)) == 1
    assert remind_of_expiring_papers(now=days_before(5)) == 0
    assert remind_of_expiring_papers(now=days_before(0)) == 1

    paper.refresh_from_db()
    assert paper.reminded_days == 1
    assert OutgoingMessage.objects.count() == 2


@pytest.mark.capability("A34")
def test_the_day_is_that_of_the_holder(db):
    PaperFactory(
        holder=UserFactory(contractor=True, time_zone="Pacific/Auckland"), valid_until=LAST_DAY
    )
    moment = days_before(31, hour=20)

    assert moment.astimezone(ZoneInfo("Pacific/Auckland")).date() == days_before(30).date()
    assert remind_of_expiring_papers(now=moment) == 1


@pytest.mark.capability("A34")
def test_nobody_is_reminded_of_a_paper_that_was_replaced(paper):
    replace_paper(paper=paper, actor=paper.user, valid_until=LAST_DAY + timedelta(days=300))

    assert remind_of_expiring_papers(now=days_before(7)) == 0

    assert not OutgoingMessage.objects.exists()


@pytest.mark.capability("A34", "A16")
def test_owners_and_administrators_are_reminded_of_the_papers_of_their_firm(db):
    firm = OrganizationFactory(contractor=True, name="Gulf Light LLC")
    owner, admin = owner_of(firm), seated(firm, "admin")
    seated(firm, "member")
    PaperFactory(holder=firm, actor=owner, kind="insurance", valid_until=LAST_DAY)

    assert remind_of_expiring_papers(now=days_before(7)) == 1

    drain()
    about = "insurance of Gulf Light LLC"
    reminded = [number for number, text in MemorySms.outbox if about in text]
    assert sorted(reminded) == sorted([owner.phone_number, admin.phone_number])


@pytest.mark.capability("A03", "A34")
def test_suspended_people_are_not_written_to(paper):
    holder = paper.user
    holder.status, holder.is_active = "suspended", False
    holder.save()

    remind_of_expiring_papers(now=days_before(7))

    assert not OutgoingMessage.objects.exists()


@pytest.mark.capability("A34")
@pytest.mark.django_db(transaction=True)
def test_reminders_that_run_at_once_are_sent_once():
    PaperFactory(holder=UserFactory(contractor=True), valid_until=LAST_DAY)

    results = race(*(lambda: remind_of_expiring_papers(now=days_before(7)) for _ in range(4)))

    assert sorted(results) == [0, 0, 0, 1]
    assert OutgoingMessage.objects.count() == 1


@pytest.mark.capability("A34")
def test_nobody_is_written_to_at_an_address_they_have_not_proved(db):
    PaperFactory(
        holder=UserFactory(contractor=True, unverified=True, email="new@example.com"),
        valid_until=LAST_DAY,
    )

    assert remind_of_expiring_papers(now=days_before(7)) == 1

    assert not OutgoingMessage.objects.exists()


@pytest.mark.capability("A34")
def test_the_hourly_job_sends_what_is_due(db):
    holder = UserFactory(contractor=True)
    PaperFactory(holder=holder, valid_until=today_of(holder) + timedelta(days=7))

    tasks.remind_of_expiring_papers()
    tasks.remind_of_expiring_papers()

    assert OutgoingMessage.objects.count() == 1
