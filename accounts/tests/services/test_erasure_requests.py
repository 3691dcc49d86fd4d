"""Asking to be forgotten: who may, what stands against it, and the time in which one can return."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.choices import ErasureStatus, MembershipRole, UserStatus
from accounts.exceptions import ErasureRefusedError
from accounts.models import (
    ErasureRequest,
    Membership,
    User,
)
from accounts.services import sign_in
from accounts.services.erasure import carry_out, erase_due, outlook, schedule
from accounts.services.facts import NOWHERE
from accounts.services.memberships import refuse_headless
from accounts.services.organizations import suspend_organization
from accounts.services.settings import change_setting
from accounts.tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    site_administrator,
)
from accounts.tests.factories.people import UserFactory, open_session
from accounts.tests.lives import a_full_life
from accounts.tests.outbox import sent_email
from config.shared import personal_data
from config.shared.personal_data import Obstacle
from config.tests.racing import race
from config.tests.support import drain

pytestmark = [pytest.mark.capability("A23"), pytest.mark.usefixtures("media_folder")]


def erase(person):
    """Erase somebody now, as the command does."""
    carry_out(request_id=schedule(person, asked_by=person, at_once=True).pk)
    person.refresh_from_db()


def test_who_asks_is_put_to_rest_at_once_and_erased_after_two_weeks(db, time_machine):
    person = UserFactory(with_email=True)
    session = open_session(person).session

    request = schedule(person, asked_by=person)

    person.refresh_from_db()
    days = (request.due_at - timezone.now()).days
    assert (person.status, person.is_active, days) == (UserStatus.INACTIVE, False, 13)
    assert carry_out(request_id=request.pk) is None
    assert person.full_name
    assert session.user_id == person.pk


def test_they_are_told_until_when_they_can_come_back(db, mailoutbox):
    person = UserFactory(with_email=True)

    request = schedule(person, asked_by=person)
    drain()

    (mail,) = sent_email(person.email)
    assert "will be erased" in mail.subject
    assert f"{request.due_at:%Y-%m-%d}"[:7] in mail.body


def test_coming_back_with_a_code_takes_the_wish_back(db):
    person = UserFactory()
    request = schedule(person, asked_by=person)
    person.refresh_from_db()

    sign_in.begin(person, amr={"otp", "sms"}, request_facts=NOWHERE)

    person.refresh_from_db()
    request.refresh_from_db()
    ErasureRequest.objects.update(due_at=timezone.now() - timedelta(days=1))
    assert (person.status, request.status) == (UserStatus.ACTIVE, ErasureStatus.CANCELLED)
    assert erase_due() == 0
    person.refresh_from_db()
    assert person.anonymised_at is None


def test_the_days_to_come_back_are_a_setting(db):
    change_setting(key="erasure_grace_days", value=0, actor=None)
    person = a_full_life()

    schedule(person, asked_by=person)
    drain()

    person.refresh_from_db()
    assert person.anonymised_at is not None


def test_one_wish_at_a_time(db):
    person = UserFactory()
    schedule(person, asked_by=person)

    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureRequest.objects.create(user=person, due_at=timezone.now())


def test_the_last_owner_of_an_organization_has_to_hand_it_over_first(db):
    person = UserFactory()
    firm = OrganizationFactory(creator=person, name="Only Mine")

    with pytest.raises(ErasureRefusedError) as refusal:
        schedule(person, asked_by=person)

    person.refresh_from_db()
    (reason,) = refusal.value.extra["reasons"]
    assert (reason["code"], reason["organization"]) == ("last_owner", str(firm.pk))
    assert "Only Mine" in reason["detail"]
    assert person.is_active
    assert not ErasureRequest.objects.exists()
    assert outlook(user=person).possible is False


def test_an_owner_beside_others_and_the_owner_of_a_closed_organization_may_go(db):
    person = UserFactory()
    shared, closed = OrganizationFactory(creator=person), OrganizationFactory(creator=person)
    MembershipFactory(organization=shared, role=MembershipRole.OWNER)
    suspend_organization(organization=closed, staff=site_administrator(), reason="Closed")

    erase(person)

    assert person.anonymised_at is not None
    assert set(Membership.objects.filter(user=person).values_list("status", flat=True)) == {"ended"}


def test_members_of_staff_leave_their_work_first(db):
    person = UserFactory(staff=True)
    person.groups.add(Group.objects.get_or_create(name="Support")[0])

    with pytest.raises(ErasureRefusedError) as refusal:
        schedule(person, asked_by=person)

    assert [reason["code"] for reason in refusal.value.extra["reasons"]] == ["staff_account"]


def test_other_apps_can_stand_against_it(db, monkeypatch):
    person = UserFactory()
    open_debt = Obstacle("open_booking", "A booking is not paid.", {"booking": "BK-1"})
    monkeypatch.setitem(personal_data._obstacles, "bookings.test", lambda user: [open_debt])

    with pytest.raises(ErasureRefusedError) as refusal:
        schedule(person, asked_by=person)

    assert refusal.value.extra["reasons"] == [
        {"code": "open_booking", "detail": "A booking is not paid.", "booking": "BK-1"}
    ]


def test_what_arises_in_the_meantime_holds_it_for_a_day(db, monkeypatch):
    person = UserFactory()
    request = schedule(person, asked_by=person)
    ErasureRequest.objects.update(due_at=timezone.now() - timedelta(hours=1))
    with monkeypatch.context() as busy:
        obstacle = Obstacle("open_booking", "A booking is not paid.")
        busy.setitem(personal_data._obstacles, "bookings.test", lambda user: [obstacle])

        assert erase_due() == 0

    request.refresh_from_db()
    person.refresh_from_db()
    assert person.anonymised_at is None
    assert request.held_because == [{"code": "open_booking", "detail": "A booking is not paid."}]
    assert request.due_at > timezone.now() + timedelta(hours=23)
    ErasureRequest.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert erase_due() == 1


@pytest.mark.django_db(transaction=True)
def test_of_coming_back_and_being_erased_exactly_one_happens(media_folder):
    for _ in range(5):
        person = UserFactory()
        request = schedule(person, asked_by=person)
        ErasureRequest.objects.filter(pk=request.pk).update(due_at=timezone.now())
        fresh = User.objects.get(pk=person.pk)

        race(
            lambda request=request: carry_out(request_id=request.pk),
            lambda fresh=fresh: sign_in.begin(fresh, amr={"otp"}, request_facts=NOWHERE),
        )

        person.refresh_from_db()
        request.refresh_from_db()
        outcome = (request.status, person.is_active, person.anonymised_at is None)
        assert outcome in {
            (ErasureStatus.CANCELLED, True, True),
            (ErasureStatus.FINISHED, False, False),
        }


@pytest.mark.django_db(transaction=True)
def test_of_two_last_owners_one_stays(media_folder):
    first, second = UserFactory(), UserFactory()
    firm = OrganizationFactory(creator=first)
    MembershipFactory(organization=firm, user=second, role=MembershipRole.OWNER)

    race(lambda: erase(first), lambda: erase(second))

    left = Membership.objects.live().filter(organization=firm, role=MembershipRole.OWNER)
    assert left.count() == 1
    with pytest.raises(Exception, match="owner"), transaction.atomic():
        refuse_headless(organization=firm, leaving=left.get())
