"""What staff say of organizations: verified, suspended, reinstated."""

import pytest

from accounts.choices import MembershipStatus, OrganizationStatus
from accounts.exceptions import OrganizationSuspendedError
from accounts.models import AuditEvent, Membership, Organization
from accounts.services.organizations import (
    reinstate_organization,
    suspend_organization,
    unverify_organization,
    update_organization,
    verify_organization,
)
from accounts.tests.factories.organizations import (
    OrganizationFactory,
    owner_of,
    reviewer,
)
from accounts.tests.factories.people import UserFactory
from config.shared.errors import (
    ConflictError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
)

pytestmark = pytest.mark.django_db


@pytest.mark.capability("A16")
def test_reviewers_verify_an_organization_and_take_it_back():
    organization = OrganizationFactory()
    staff = reviewer()

    verified = verify_organization(organization=organization, staff=staff, note="Papers seen")
    again = verify_organization(organization=organization, staff=staff)

    assert verified.verified_at is not None
    assert again.verified_at == verified.verified_at
    taken = unverify_organization(organization=organization, staff=staff, reason="Forged")
    assert taken.verified_at is None
    assert [(event.action, event.reason) for event in AuditEvent.objects.about(organization)][
        :2
    ] == [
        ("accounts.organization.unverified", "Forged"),
        ("accounts.organization.verified", "Papers seen"),
    ]


@pytest.mark.capability("A16")
def test_nobody_else_verifies_an_organization():
    organization = OrganizationFactory()
    member_of_staff = reviewer()
    own = OrganizationFactory(creator=member_of_staff)

    refused = [
        (organization, UserFactory(staff=True)),
        (organization, owner_of(organization)),
        (own, member_of_staff),
    ]
    for candidate, actor in refused:
        with pytest.raises(NotAllowedError):
            verify_organization(organization=candidate, staff=actor)

    assert not Organization.objects.verified().exists()


@pytest.mark.capability("A16")
def test_nobody_acts_for_a_suspended_organization():
    organization = OrganizationFactory(suspended=True)
    owner = owner_of(organization)

    with pytest.raises(OrganizationSuspendedError):
        update_organization(organization=organization, actor=owner, changes={"name": "New"})

    organization.refresh_from_db()
    assert organization.name != "New"
    assert Membership.objects.get(user=owner).status == MembershipStatus.LIVE


def test_a_suspended_organization_is_seen_by_its_members_and_staff_only():
    organization = OrganizationFactory(suspended=True)

    visible = Organization.objects.visible_to
    assert list(visible(owner_of(organization))) == [organization]
    assert list(visible(reviewer())) == [organization]
    assert list(visible(UserFactory())) == []


def test_suspending_and_reinstating_each_happen_once():
    organization, staff = OrganizationFactory(), reviewer()

    suspend_organization(organization=organization, staff=staff, reason="Fraud")

    with pytest.raises(InvalidTransitionError):
        suspend_organization(organization=organization, staff=staff, reason="Fraud")
    with pytest.raises(ConflictError):
        verify_organization(organization=organization, staff=staff)
    back = reinstate_organization(organization=organization, staff=staff, reason="Cleared")
    assert back.status == OrganizationStatus.ACTIVE
    with pytest.raises(InvalidTransitionError):
        reinstate_organization(organization=organization, staff=staff, reason="Cleared")


def test_a_suspension_needs_a_reason():
    organization = OrganizationFactory()

    with pytest.raises(InvalidInputError):
        suspend_organization(organization=organization, staff=reviewer(), reason="  ")

    organization.refresh_from_db()
    assert organization.status == OrganizationStatus.ACTIVE
