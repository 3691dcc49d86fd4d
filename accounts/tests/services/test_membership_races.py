"""Members of one organization who act in the same moment."""

import pytest

from accounts.choices import MembershipRole, MembershipStatus
from accounts.exceptions import AlreadyMemberError, LastOwnerError
from accounts.models import Membership
from accounts.services.invitations import invite_member
from accounts.services.memberships import (
    accept_invitation,
    change_member,
    decline_invitation,
    end_membership,
)
from accounts.tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    owner_of,
)
from accounts.tests.factories.people import UserFactory
from config.shared.errors import InvalidTransitionError
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owners():
    """The memberships of four owners of one organization."""
    organization = OrganizationFactory()
    for _ in range(3):
        MembershipFactory(organization=organization, role=MembershipRole.OWNER)
    return list(Membership.objects.filter(organization=organization).select_related("user"))


@pytest.mark.capability("A16")
def test_of_owners_who_all_leave_at_once_one_stays(owners):
    results = race(
        *(
            lambda owner=owner: end_membership(membership=owner, actor=owner.user)
            for owner in owners
        )
    )

    assert sum(isinstance(result, LastOwnerError) for result in results) == 1
    assert sum(isinstance(result, Membership) for result in results) == 3
    assert Membership.objects.owners().count() == 1


@pytest.mark.capability("A16")
def test_of_two_owners_who_demote_each_other_one_stays(owners):
    first, second, *others = owners
    for other in others:
        end_membership(membership=other, actor=other.user)

    race(
        lambda: change_member(membership=first, actor=second.user, role="member"),
        lambda: change_member(membership=second, actor=first.user, role="member"),
    )

    assert Membership.objects.owners().count() == 1


@pytest.mark.capability("A16")
def test_of_several_invitations_of_one_person_one_is_made():
    organization, guest = OrganizationFactory(), UserFactory()
    owner = owner_of(organization)

    results = race(
        *(
            lambda: invite_member(
                organization=organization, inviter=owner, user=guest, role="member"
            )
            for _ in range(6)
        )
    )

    assert sum(isinstance(result, Membership) for result in results) == 1
    assert sum(isinstance(result, AlreadyMemberError) for result in results) == 5
    assert Membership.objects.filter(user=guest).count() == 1


@pytest.mark.capability("A16")
def test_an_invitation_is_answered_once():
    offered = MembershipFactory(accepted=False)

    results = race(
        *(
            lambda answer=answer: answer(membership=offered, user=offered.user)
            for answer in (accept_invitation, decline_invitation, accept_invitation)
        )
    )

    offered.refresh_from_db()
    answered = [result for result in results if isinstance(result, Membership)]
    assert len(answered) == 1
    assert offered.status == answered[0].status
    assert offered.status in {MembershipStatus.LIVE, MembershipStatus.ENDED}
    refused = [result for result in results if result is not answered[0]]
    assert all(isinstance(result, InvalidTransitionError) for result in refused)
