"""Joining a society by what the platform itself knows, such as a handover."""

import pytest

from accounts.choices import MembershipRole, MembershipStatus
from accounts.models import AuditEvent, Membership
from accounts.services.joining import join_society
from accounts.services.memberships import end_membership
from accounts.tests.factories.organizations import MembershipFactory, OrganizationFactory
from accounts.tests.factories.people import UserFactory
from config.tests.racing import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.capability("R37")]


@pytest.fixture
def society():
    return OrganizationFactory(society=True)


def test_a_stranger_becomes_a_member(society):
    user = UserFactory()

    assert join_society(society=society, user=user) is True

    seat = Membership.objects.get(user=user)
    assert (seat.organization, seat.role) == (society, MembershipRole.MEMBER)
    assert (seat.status, seat.since is not None) == (MembershipStatus.LIVE, True)
    event = AuditEvent.objects.get(action="accounts.membership.joined")
    assert (event.actor, event.after["user"]) == (None, str(user.pk))


def test_joining_twice_is_joining_once(society):
    user = UserFactory()
    join_society(society=society, user=user)

    assert join_society(society=society, user=user) is False

    assert Membership.objects.filter(user=user).count() == 1


@pytest.mark.parametrize(
    ("role", "status"),
    [(MembershipRole.MEMBER, "live"), (MembershipRole.COMMITTEE, "invited")],
)
def test_an_invitation_to_more_than_membership_is_left_to_be_answered(society, role, status):
    seat = MembershipFactory(organization=society, role=role, accepted=False)

    joined = join_society(society=society, user=seat.user)

    found = Membership.objects.get(user=seat.user)
    assert joined is (status == "live")
    assert (found.pk, found.role, found.status) == (seat.pk, role, status)


def test_who_left_before_comes_back_as_a_member(society):
    seat = MembershipFactory(organization=society, role=MembershipRole.COMMITTEE)
    end_membership(membership=seat, actor=seat.user)

    join_society(society=society, user=seat.user)

    (live,) = Membership.objects.live().filter(user=seat.user)
    assert live.role == MembershipRole.MEMBER


def test_neither_a_suspended_society_nor_a_suspended_person_joins():
    suspended = OrganizationFactory(society=True, suspended=True)

    assert join_society(society=suspended, user=UserFactory()) is False
    assert join_society(society=OrganizationFactory(), user=UserFactory(suspended=True)) is False

    assert not Membership.objects.filter(role=MembershipRole.MEMBER).exists()


def test_of_several_at_once_one_joins():
    society, user = OrganizationFactory(society=True), UserFactory()

    results = race(*(lambda: join_society(society=society, user=user) for _ in range(4)))

    assert sorted(results) == [False, False, False, True]
    assert Membership.objects.filter(user=user).count() == 1
