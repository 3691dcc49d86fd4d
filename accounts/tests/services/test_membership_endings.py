"""Leaving, stepping down, and that an organization is never without an owner."""

import pytest

from accounts.choices import MembershipRole, MembershipStatus
from accounts.exceptions import LastOwnerError
from accounts.models import AuditEvent, Membership
from accounts.services.memberships import (
    appoint_owner,
    change_member,
    end_membership,
    seat_of,
)
from accounts.tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    owner_of,
    reviewer,
    site_administrator,
)
from accounts.tests.factories.people import UserFactory
from config.shared.errors import (
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
)

pytestmark = pytest.mark.django_db


@pytest.mark.capability("A16")
def test_everybody_leaves_when_they_want():
    member = MembershipFactory()

    left = end_membership(membership=member, actor=member.user, reason="Moved")

    left.refresh_from_db()
    assert left.status == MembershipStatus.ENDED
    assert left.until is not None
    assert seat_of(user=member.user, organization=member.organization) is None
    with pytest.raises(InvalidTransitionError):
        end_membership(membership=left, actor=member.user)


@pytest.mark.capability("A16")
def test_the_last_owner_neither_leaves_nor_steps_down():
    organization = OrganizationFactory()
    owner = Membership.objects.get(organization=organization)

    with pytest.raises(LastOwnerError):
        end_membership(membership=owner, actor=owner.user)
    with pytest.raises(LastOwnerError):
        change_member(membership=owner, actor=owner.user, role="admin")

    owner.refresh_from_db()
    assert (owner.role, owner.status) == (MembershipRole.OWNER, MembershipStatus.LIVE)


@pytest.mark.capability("A16")
def test_an_owner_leaves_once_there_is_another():
    organization = OrganizationFactory()
    first = Membership.objects.get(organization=organization)
    MembershipFactory(organization=organization, role="owner")

    assert end_membership(membership=first, actor=first.user).status == MembershipStatus.ENDED


@pytest.mark.capability("A03", "A16")
def test_a_suspended_owner_does_not_count_as_one():
    organization = OrganizationFactory()
    first = Membership.objects.get(organization=organization)
    other = MembershipFactory(organization=organization, role="owner").user
    other.status, other.is_active = "suspended", False
    other.save()

    with pytest.raises(LastOwnerError):
        end_membership(membership=first, actor=first.user)

    first.refresh_from_db()
    assert first.status == MembershipStatus.LIVE


def test_a_past_membership_is_not_changed():
    member = MembershipFactory()
    owner = owner_of(member.organization)
    end_membership(membership=member, actor=owner)

    with pytest.raises(InvalidTransitionError):
        change_member(membership=member, actor=owner, role="admin")

    member.refresh_from_db()
    assert member.role == "member"


@pytest.mark.capability("A16")
def test_staff_appoint_an_owner_where_there_is_none_to_do_it():
    organization, staff = OrganizationFactory(), site_administrator()
    heir = MembershipFactory(organization=organization, accepted=False).user

    owner = appoint_owner(organization=organization, user=heir, staff=staff, reason="Owner died")

    owner.refresh_from_db()
    assert (owner.role, owner.status) == ("owner", "live")
    event = AuditEvent.objects.about(owner).get(action="accounts.membership.appointed")
    assert (event.actor, event.reason) == (staff, "Owner died")
    assert event.before == {"role": "member", "status": "invited"}


@pytest.mark.parametrize("staff_of", [reviewer, UserFactory])
def test_nobody_else_appoints_owners(staff_of):
    organization, heir = OrganizationFactory(), UserFactory()

    with pytest.raises(NotAllowedError):
        appoint_owner(organization=organization, user=heir, staff=staff_of(), reason="Because")

    assert not Membership.objects.filter(user=heir).exists()


def test_staff_appoint_neither_themselves_nor_inactive_people():
    organization, staff = OrganizationFactory(), site_administrator()

    with pytest.raises(NotAllowedError):
        appoint_owner(organization=organization, user=staff, staff=staff, reason="Because")
    with pytest.raises(InvalidInputError):
        appoint_owner(
            organization=organization,
            user=UserFactory(suspended=True),
            staff=staff,
            reason="Because",
        )

    assert Membership.objects.filter(organization=organization).count() == 1
