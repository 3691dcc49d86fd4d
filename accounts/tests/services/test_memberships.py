"""Invitations, roles and leaving: who may, and that an organization is never without an owner."""

import pytest

from accounts.choices import MembershipStatus
from accounts.exceptions import AlreadyMemberError, OrganizationSuspendedError
from accounts.models import AuditEvent, Membership
from accounts.services.connections import block_user
from accounts.services.invitations import invite_member
from accounts.services.memberships import (
    accept_invitation,
    change_member,
    decline_invitation,
    end_membership,
    seat_of,
)
from accounts.services.organizations import suspend_organization
from accounts.tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    owner_of,
    reviewer,
    seated,
)
from accounts.tests.factories.people import UserFactory
from config.shared.errors import (
    InvalidInputError,
    InvalidTransitionError,
    MissingError,
    NotAllowedError,
)

pytestmark = pytest.mark.django_db


def states(organization):
    rows = Membership.objects.filter(organization=organization)
    return {(row.user_id, row.role, row.status) for row in rows}


@pytest.mark.capability("A16")
def test_an_invited_person_is_a_member_once_they_accept():
    organization, guest = OrganizationFactory(), UserFactory()

    offered = invite_member(
        organization=organization,
        inviter=owner_of(organization),
        user=guest,
        role="committee",
        title="Treasurer",
    )

    assert (offered.status, offered.since) == (MembershipStatus.INVITED, None)
    assert seat_of(user=guest, organization=organization) is None
    accepted = accept_invitation(membership=offered, user=guest)
    accepted.refresh_from_db()
    assert accepted.status == MembershipStatus.LIVE
    assert accepted.since is not None
    assert seat_of(user=guest, organization=organization) == accepted
    assert [event.action for event in AuditEvent.objects.about(offered)] == [
        "accounts.membership.live",
        "accounts.membership.invited",
    ]


@pytest.mark.capability("A16")
def test_only_the_invited_person_answers():
    offered = MembershipFactory(accepted=False)
    owner = owner_of(offered.organization)

    for somebody in (owner, UserFactory()):
        with pytest.raises(NotAllowedError):
            accept_invitation(membership=offered, user=somebody)
        with pytest.raises(NotAllowedError):
            decline_invitation(membership=offered, user=somebody)

    offered.refresh_from_db()
    assert offered.status == MembershipStatus.INVITED


@pytest.mark.capability("A16")
def test_a_declined_invitation_cannot_be_accepted_but_made_again():
    offered = MembershipFactory(accepted=False)
    guest, organization = offered.user, offered.organization

    declined = decline_invitation(membership=offered, user=guest)

    assert declined.status == MembershipStatus.ENDED
    with pytest.raises(InvalidTransitionError):
        accept_invitation(membership=offered, user=guest)
    again = MembershipFactory(organization=organization, user=guest)
    assert again.pk != offered.pk
    assert again.status == MembershipStatus.LIVE


def test_a_member_does_not_decline():
    member = MembershipFactory()

    with pytest.raises(InvalidTransitionError) as caught:
        decline_invitation(membership=member, user=member.user)

    member.refresh_from_db()
    assert member.status == MembershipStatus.LIVE
    assert (caught.value.current, caught.value.allowed) == ("live", ["ended"])


@pytest.mark.capability("A16")
@pytest.mark.parametrize("role", ["sales", "site", "finance", "committee", "member"])
def test_members_who_do_not_lead_invite_nobody(role):
    organization = OrganizationFactory()
    member = seated(organization, role)
    before = states(organization)

    with pytest.raises(NotAllowedError):
        invite_member(organization=organization, inviter=member, user=UserFactory(), role="member")

    assert states(organization) == before


@pytest.mark.capability("A16")
def test_an_owner_of_another_organization_invites_nobody():
    organization = OrganizationFactory()
    stranger = owner_of(OrganizationFactory())

    with pytest.raises(NotAllowedError):
        invite_member(organization=organization, inviter=stranger, user=stranger, role="owner")

    assert states(organization) == {(owner_of(organization).pk, "owner", "live")}


@pytest.mark.capability("A16")
@pytest.mark.parametrize("role", ["owner", "admin"])
def test_administrators_make_neither_owners_nor_administrators(role):
    organization = OrganizationFactory()
    admin = seated(organization, "admin")
    member = MembershipFactory(organization=organization)

    with pytest.raises(NotAllowedError):
        invite_member(organization=organization, inviter=admin, user=UserFactory(), role=role)
    with pytest.raises(NotAllowedError):
        change_member(membership=member, actor=admin, role=role)

    member.refresh_from_db()
    assert member.role == "member"


@pytest.mark.capability("A16")
def test_administrators_decide_about_members_but_not_about_owners_and_administrators():
    organization = OrganizationFactory()
    admin = seated(organization, "admin")
    member = MembershipFactory(organization=organization)
    owner = Membership.objects.get(organization=organization, role="owner")
    other_admin = MembershipFactory(organization=organization, role="admin")

    changed = change_member(membership=member, actor=admin, role="finance", title="Books")

    assert (changed.role, changed.title) == ("finance", "Books")
    for untouchable in (owner, other_admin):
        with pytest.raises(NotAllowedError):
            change_member(membership=untouchable, actor=admin, role="member")
        with pytest.raises(NotAllowedError):
            end_membership(membership=untouchable, actor=admin)
    assert end_membership(membership=member, actor=admin).status == MembershipStatus.ENDED
    assert set(states(organization)) >= {
        (owner.user_id, "owner", "live"),
        (other_admin.user_id, "admin", "live"),
    }


def test_only_a_society_has_a_committee():
    builder = OrganizationFactory(builder=True)

    with pytest.raises(InvalidInputError) as caught:
        invite_member(
            organization=builder, inviter=owner_of(builder), user=UserFactory(), role="committee"
        )

    assert caught.value.errors[0].code == "role_of_society"
    assert Membership.objects.filter(organization=builder).count() == 1


@pytest.mark.capability("A16")
@pytest.mark.parametrize("accepted", [True, False])
def test_nobody_is_a_member_twice(accepted):
    member = MembershipFactory(accepted=accepted)

    with pytest.raises(AlreadyMemberError):
        invite_member(
            organization=member.organization,
            inviter=owner_of(member.organization),
            user=member.user,
            role="admin",
        )

    member.refresh_from_db()
    assert member.role == "member"


@pytest.mark.capability("A16", "A36")
@pytest.mark.parametrize("blocker_is_guest", [True, False])
def test_a_block_stands_between_an_inviter_and_a_guest(blocker_is_guest):
    organization, guest = OrganizationFactory(), UserFactory()
    owner = owner_of(organization)
    pair = (guest, owner) if blocker_is_guest else (owner, guest)
    block_user(blocker=pair[0], blocked=pair[1])

    with pytest.raises(MissingError):
        invite_member(organization=organization, inviter=owner, user=guest, role="member")

    assert not Membership.objects.filter(user=guest).exists()


@pytest.mark.capability("A03", "A16")
def test_a_suspended_person_is_invited_to_nothing():
    organization = OrganizationFactory()

    with pytest.raises(MissingError):
        invite_member(
            organization=organization,
            inviter=owner_of(organization),
            user=UserFactory(suspended=True),
            role="member",
        )

    assert Membership.objects.filter(organization=organization).count() == 1


def test_nothing_is_accepted_at_a_suspended_organization():
    offered = MembershipFactory(accepted=False)
    suspend_organization(organization=offered.organization, staff=reviewer(), reason="Fraud")

    with pytest.raises(OrganizationSuspendedError):
        accept_invitation(membership=offered, user=offered.user)

    offered.refresh_from_db()
    assert offered.status == MembershipStatus.INVITED


@pytest.mark.capability("A16")
def test_members_see_members_and_strangers_see_none():
    organization = OrganizationFactory()
    member = MembershipFactory(organization=organization)
    past = MembershipFactory(organization=organization)
    end_membership(membership=past, actor=past.user)
    offered = MembershipFactory(organization=organization, accepted=False)

    assert Membership.objects.visible_to(member.user).count() == 4
    assert list(Membership.objects.visible_to(offered.user)) == [offered]
    assert list(Membership.objects.visible_to(past.user)) == [past]
    assert not Membership.objects.visible_to(UserFactory()).exists()
    assert not Membership.objects.visible_to(UserFactory(staff=True)).exists()
    assert Membership.objects.visible_to(reviewer()).count() == 4
